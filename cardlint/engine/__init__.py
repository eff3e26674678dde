"""Rule files to rules, and cards through them."""
