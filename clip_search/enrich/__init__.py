"""Query rewrites: reads them from the warehouse and explains them."""
