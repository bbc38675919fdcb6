"""Models learned from the warehouse: contested against baselines, written down as own streams, scored in SQL."""
