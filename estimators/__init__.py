"""Pure functions from small tables to coefficients. They know neither the warehouse nor the tools."""
