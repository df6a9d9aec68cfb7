"""Many questions in one table: grids, sets of openings, draws, folders of scenarios."""
