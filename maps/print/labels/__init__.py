"""Labels on figures: where names go, and how they are drawn."""
