"""Executed notebook -> one offline page, on paper too; and the index of many."""
