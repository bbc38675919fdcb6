"""Commands of `downbeat`, each beside what it does."""
