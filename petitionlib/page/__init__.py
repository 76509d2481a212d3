"""The rooms of the page: what a notebook holds -> pieces of HTML, and what draws its charts."""
