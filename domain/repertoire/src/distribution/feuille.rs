//! Delivery rounds on paper.
