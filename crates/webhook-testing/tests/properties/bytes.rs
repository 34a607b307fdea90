//! Truncated bodies, and bodies with a flipped bit.

use webhook_core::{DecodeErrorKind, drift};

use crate::fixtures::{Webhook, fixtures};
use crate::for_each_vendor;

for_each_vendor! {
    fn a_body_may_be_truncated_anywhere = truncates;
    fn a_bit_may_be_flipped_anywhere = flips_bits;
}

fn truncates<W: Webhook>() {
    for fixture in fixtures::<W>() {
        let body = fixture.body.trim_end();
        // Every length is tried in some body.
        for end in (fixture.name.len() % 5..body.len()).step_by(5) {
            let cut = &body.as_bytes()[..end];
            let error = W::from_slice(cut).unwrap_err();
            let expected =
                if body.is_char_boundary(end) { DecodeErrorKind::NotJson } else { DecodeErrorKind::NotUtf8 };
            assert_eq!(error.kind(), expected, "{} up to {end}", fixture.name);
            let _ = (W::peek(cut), W::key_of(cut), drift::of::<W>(cut));
        }
    }
}

fn flips_bits<W: Webhook>() {
    for fixture in fixtures::<W>() {
        let mut body = fixture.body.into_bytes();
        for position in (fixture.name.len() % 5..body.len()).step_by(5) {
            let bit = 1_u8 << (position / 5 % 8);
            body[position] ^= bit;
            if let Err(error) = W::from_slice(&body) {
                let text = error.to_string();
                assert!(!text.contains(char::is_control) && !error.expected().is_empty(), "{text}");
            }
            let _ = (W::peek(&body), W::key_of(&body), drift::of::<W>(&body));
            body[position] ^= bit;
        }
    }
}
