"""What answers an address: thin, one module a noun. Every rule stands in the domain below."""
