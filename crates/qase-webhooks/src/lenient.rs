//! Reading of values that only Qase sends in more than one form, one rule per file.
//!
//! Rules for all vendors are in the core. A rule for one entity is in the file of that entity.

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
