//! Counts on both databases: see `essais`.
