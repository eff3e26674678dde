"""Standards: clauses mapped to evidence in the facts and to rules, and what a card makes of them."""
