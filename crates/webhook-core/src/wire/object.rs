//! Structs with named keys.

use serde::ser::{SerializeMap, Serializer};

use crate::describe::Field;
use crate::json::{Key, NotJson, Reader};

/// A struct with named keys that the core reads key by key. It is used for envelopes and for structs that share their
/// keys with others. Derived by `#[derive(Wire)]`.
pub trait Object: Sized + 'static {
    /// The struct while its keys are read.
    type Partial: Default;

    /// The name of the type.
    const NAME: &'static str;

    /// The meaning of the type, on one line.
    const DOC: &'static str;

    /// The keys in the order in which they are declared, as in JSON from the quotation mark to the colon, each with its
    /// number.
    const KEYS: &'static [(&'static str, u16)];

    /// The number of key numbers, including those of other spellings; they start at 0.
    const NUMBERS: u16;

    /// One bit for the number of each key that is expected always. Numbers from 64 have none.
    #[doc(hidden)]
    const REQUIRED: u64;

    /// One bit for the number of each key that identifies the value.
    #[doc(hidden)]
    const IDENTITY: u64;

    /// The number of a key in any of its spellings, or a number beyond [`NUMBERS`](Self::NUMBERS).
    fn number(key: &str) -> u16;

    /// Reads the value of the key with this number. The value of an unknown key is skipped.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    fn read_field(partial: &mut Self::Partial, number: u16, json: &mut Reader<'_>) -> Result<(), NotJson>;

    /// The finished struct; `None` if it has no identity.
    fn finish(partial: Self::Partial) -> Option<Self>;

    /// Writes every key. With `sparse`, keys without a value are left out.
    ///
    /// # Errors
    ///
    /// Only errors of the serializer.
    fn write_fields<S: SerializeMap>(&self, map: &mut S, sparse: bool) -> Result<(), S::Error>;

    /// The keys, in the order in which they are declared.
    fn fields() -> &'static [Field];
}

/// Reads a struct; `None` for any other JSON, and without an identity.
///
/// # Errors
///
/// The text is not JSON.
#[inline]
pub fn read<T: Object>(json: &mut Reader<'_>) -> Result<Option<T>, NotJson> {
    let Some(mut keys) = json.object_of(T::KEYS)? else { return Ok(None) };
    let mut partial = T::Partial::default();
    let mut seen = Seen::default();
    loop {
        let number = match json.next_key(&mut keys)? {
            Key::Expected(number) => number,
            Key::Text(key) => T::number(&key),
            Key::End => break,
        };
        seen.note(number);
        T::read_field(&mut partial, number, json)?;
    }
    if !seen.is_usual::<T>() {
        json.note_unexpected();
    }
    Ok(T::finish(partial))
}

/// The keys of an object that have occurred, by number.
#[derive(Default)]
pub(crate) struct Seen {
    once: u64,
    again: u64,
}

impl Seen {
    #[inline]
    pub(crate) fn note(&mut self, number: u16) {
        let bit = 1_u64.wrapping_shl(number.into());
        self.again |= self.once & bit;
        self.once |= bit;
    }

    /// Whether every key has come that is expected always, and none of them again.
    #[inline]
    pub(crate) fn is_usual<T: Object>(&self) -> bool {
        T::NUMBERS <= 64 && self.again == 0 && self.once & T::REQUIRED == T::REQUIRED
    }
}

/// The bits of a flattened struct among those of the struct that it is flattened into.
pub const fn shift_bits(bits: u64, start: u16) -> u64 {
    if start < 64 { bits << start } else { 0 }
}

/// Writes a struct as an object.
///
/// # Errors
///
/// Only errors of the serializer.
pub fn write<T: Object, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    value.write_fields(&mut map, false)?;
    map.end()
}

/// Writes a key, unless it may be left out and has nothing to write.
///
/// # Errors
///
/// Only errors of the serializer.
pub fn write_unless<S: SerializeMap, V: serde::Serialize>(
    map: &mut S,
    key: &'static str,
    value: &V,
    nothing: bool,
) -> Result<(), S::Error> {
    if nothing { Ok(()) } else { map.serialize_entry(key, value) }
}

/// The keys of a struct followed by those of a flattened struct, whose numbers continue after its own.
pub const fn concat_keys<const COUNT: usize>(
    own: &[(&'static str, u16)],
    flattened: &[(&'static str, u16)],
    start: u16,
) -> [(&'static str, u16); COUNT] {
    let mut keys = [("", 0); COUNT];
    let mut place = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which checks the bounds")]
    while place < COUNT {
        keys[place] = if place < own.len() {
            own[place]
        } else {
            let (key, number) = flattened[place - own.len()];
            (key, start + number)
        };
        place += 1;
    }
    keys
}
