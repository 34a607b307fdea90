//! Whose webhook a body is, by the keys of its envelope.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::decode::{Key, KeySeed, Layout};
use crate::wire::object::UNKNOWN;

/// How well the keys of a body fit the envelope of a vendor. A body that breaks in the middle is judged by what came
/// before.
pub fn score<T: Layout>(body: &[u8]) -> u32 {
    let mut score = 0;
    let _ = serde_json::Deserializer::from_slice(body).deserialize_map(Keys::<T>(&mut score, PhantomData));
    score
}

/// The candidate with the best score; `None` when nobody's is high enough, or two are equally good.
pub fn best<C: Copy>(scores: impl IntoIterator<Item = (C, u32)>) -> Option<C> {
    let mut scores: Vec<_> = scores.into_iter().filter(|(_, score)| *score >= NAME).collect();
    scores.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
    match scores.as_slice() {
        [(candidate, _)] => Some(*candidate),
        [(candidate, first), (_, second), ..] if first > second => Some(*candidate),
        _ => None,
    }
}

/// What a key says for a vendor: without its name an envelope is nobody's, and the old name of one vendor is the name
/// of another, so it weighs less.
const NAME: u32 = 4;
const OLD_NAME: u32 = 3;
const PAYLOAD: u32 = 2;
const FIELD: u32 = 1;

struct Keys<'a, T>(&'a mut u32, PhantomData<T>);

impl<'de, T: Layout> Visitor<'de> for Keys<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(KeySeed::<T>(PhantomData))? {
            let weight = match key {
                Key::Name => NAME,
                Key::OldName => OLD_NAME,
                Key::Payload => PAYLOAD,
                Key::Field(UNKNOWN) => 0,
                Key::Field(_) => FIELD,
            };
            *self.0 = self.0.saturating_add(weight);
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::best;

    #[test]
    fn a_tie_is_nobodys_and_so_is_an_envelope_without_a_name() {
        assert_eq!(best([('a', 7), ('b', 6)]), Some('a'));
        assert_eq!(best([('a', 6), ('b', 6), ('c', 1)]), None);
        assert_eq!(best([('a', 3), ('b', 2)]), None);
        assert_eq!(best::<char>([]), None);
    }
}
