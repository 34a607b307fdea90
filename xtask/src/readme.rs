//! The README of the repository: its examples are the doc tests of this library.
#![doc = include_str!("../../README.md")]
