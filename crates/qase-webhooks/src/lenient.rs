//! What Qase alone writes in more than one form: each rule in a file of its own.
//!
//! What all vendors do is in the core; a rule for the type of one entity is beside that type.

mod count_or_list;
mod flag_or_hash;
mod tags;
mod text_or_slug;
mod zero_or_one;

pub(crate) use count_or_list::CountOrList;
pub(crate) use flag_or_hash::FlagOrHash;
pub(crate) use tags::Tags;
pub(crate) use text_or_slug::TextOrSlug;
pub(crate) use zero_or_one::ZeroOrOne;
