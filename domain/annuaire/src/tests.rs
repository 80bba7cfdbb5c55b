//! The annuaire: coverage, hours, snapshot, import.
