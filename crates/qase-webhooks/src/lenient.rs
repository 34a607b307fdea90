//! What Qase alone writes in more than one form: each rule in a file of its own.
//!
//! What all vendors do is in the core; a rule for the type of one entity is beside that type.

mod count_or_list;
mod digits;
mod even_empty;
mod flag_or_hash;
mod text_or_scalar;
mod text_or_slug;
mod texts_or_titles;
mod within;
mod zero_or_one;

pub(crate) use count_or_list::CountOrList;
pub(crate) use digits::number;
pub(crate) use even_empty::EvenEmpty;
pub(crate) use flag_or_hash::FlagOrHash;
pub(crate) use text_or_scalar::TextOrScalar;
pub(crate) use text_or_slug::TextOrSlug;
pub(crate) use texts_or_titles::TextsOrTitles;
use within::Within;
pub(crate) use zero_or_one::ZeroOrOne;
