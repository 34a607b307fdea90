//! The front page of the repository, compiled: its examples are this library's doc tests, and it has nothing else.
#![doc = include_str!("../../README.md")]
