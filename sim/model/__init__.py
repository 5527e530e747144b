"""The nouns: frozen values without behaviour of their own. SI units inside."""
