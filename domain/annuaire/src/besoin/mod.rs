//! The two-level taxonomy of needs, and free text turned into needs.
