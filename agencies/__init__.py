"""Who exists and who belongs where: partnerships, agencies, people, permissions, audit."""
