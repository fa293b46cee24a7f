"""HTTP and paper: addresses, pages, forms. It decides no rule; the domain below does."""
