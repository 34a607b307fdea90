//! Bodies that break off, and bodies with a bit that fell over.

use std::marker::PhantomData;

use webhook_core::{DecodeErrorKind, Delivery};

use crate::for_each_vendor;
use crate::json::Json;
use crate::payloads::{Webhook, payloads};
use crate::verdict::{explains, name_of};

for_each_vendor! {
    fn a_body_may_break_off_anywhere = breaks_off;
    fn a_bit_may_fall_over_anywhere = bit_falls_over;
}

/// The name stays known from the byte on at which it ends.
fn breaks_off<W: Webhook>(_: PhantomData<W>) {
    for payload in payloads::<W>() {
        let body = payload.body.trim_end();
        let json = Json::parse(body);
        let name = name_of::<W>(&json);
        let named_from = name.and_then(|name| {
            let name = serde_json::to_string(name).unwrap();
            let key = body.find(&format!("\"{}\"", W::NAME_KEY))?;
            Some(key + body[key..].find(&name)? + name.len())
        });
        for end in 0..body.len() {
            let error = W::from_slice(&body.as_bytes()[..end]).unwrap_err();
            let whole = matches!(error.kind(), DecodeErrorKind::NotUtf8 | DecodeErrorKind::NotJson);
            let cut = String::from_utf8_lossy(&body.as_bytes()[..end]);
            // What contradicts its type may come before the end.
            assert!(whole || !error.path().is_empty(), "{error}: {cut}");
            assert_eq!(
                error.kind() == DecodeErrorKind::NotUtf8,
                !body.is_char_boundary(end),
                "{error}: {cut}"
            );
            if named_from.is_some_and(|from| from <= end) && whole && body.is_char_boundary(end) {
                explains(&error, name, &cut);
                assert_eq!(W::peek(&body.as_bytes()[..end]).unwrap().name(), name.unwrap(), "{cut}");
            }
            let _ = Delivery::<W>::from_unverified(body.as_bytes()[..end].to_vec()).drift();
        }
    }
}

fn bit_falls_over<W: Webhook>(_: PhantomData<W>) {
    for payload in payloads::<W>() {
        let mut body = payload.body.into_bytes();
        for position in 0..body.len() {
            // Every bit has its turn, one at each place.
            let bit = 1_u8 << (position % 8);
            body[position] ^= bit;
            if let Err(error) = W::from_slice(&body) {
                explains(&error, None, &String::from_utf8_lossy(&body));
            }
            let _ = (W::peek(&body), W::key_of(&body));
            let _ = Delivery::<W>::from_unverified(body.clone()).drift();
            body[position] ^= bit;
        }
    }
}
