//! Communes of France, EPCI, départements, bassins de vie, distances; the finder that takes what people type.
