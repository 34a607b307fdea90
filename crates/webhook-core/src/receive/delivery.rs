//! A genuine request, with its exact bytes.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::envelope::{DecodeError, Envelope, Peek, payload_as};
use crate::receive::key::IdempotencyKey;

/// A delivery whose sender has been verified, and whose body has not been parsed.
///
/// It owns the exact bytes, so that it can be stored before anything can go wrong: a delivery whose payload does not
/// decode still has its body, its name and its error. `Debug` shows none of the body.
///
/// Only a [`Receiver`](crate::Receiver) makes one, or [`from_unverified`](Self::from_unverified).
pub struct Delivery<W> {
    body: Bytes,
    secret_index: Option<usize>,
    webhook: PhantomData<fn() -> W>,
}

impl<W: Envelope> Delivery<W> {
    pub(crate) fn verified(body: Bytes, secret_index: Option<usize>) -> Self {
        Self { body, secret_index, webhook: PhantomData }
    }

    /// A delivery of which nothing was checked, such as one that is read back from where it was stored.
    pub fn from_unverified(body: impl Into<Bytes>) -> Self {
        Self::verified(body.into(), None)
    }

    /// The exact bytes.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The exact bytes, without copying them.
    pub fn into_body(self) -> Bytes {
        self.body
    }

    /// The position of the secret that authenticated the delivery, among those of the receiver; `None` when nothing was
    /// verified. Once the old secret of a rotation no longer occurs, it can go.
    pub fn secret_index(&self) -> Option<usize> {
        self.secret_index
    }

    /// The name of the event, read without decoding the payload.
    ///
    /// # Errors
    ///
    /// The body is no JSON object or has no event name, as far as it was read.
    pub fn name(&self) -> Result<String, DecodeError> {
        W::peek(&self.body).map(|Peek { name, .. }| name.into_owned())
    }

    /// The key under which to remember that this delivery was seen.
    pub fn key(&self) -> IdempotencyKey {
        W::key_of(&self.body)
    }

    /// Decodes the webhook.
    ///
    /// # Errors
    ///
    /// The body is no JSON object, has no event name, or is a listed event without a usable identity. It is still a genuine
    /// delivery: answer the vendor with success, or it may disable the webhook.
    pub fn decode(&self) -> Result<W, DecodeError> {
        W::from_slice(&self.body)
    }

    /// Decodes the payload alone, as a type of the vendor crate or one of your own, whatever the event is called.
    ///
    /// # Errors
    ///
    /// The body is no envelope with a payload, or the payload contradicts the type.
    pub fn decode_as<P: DeserializeOwned>(&self) -> Result<P, DecodeError> {
        payload_as::<W, P>(&self.body)
    }

    /// In what the delivery differs from what is known about its event.
    #[cfg(feature = "drift")]
    pub fn drift(&self) -> Vec<crate::drift::Drift> {
        crate::drift::of::<W>(&self.body)
    }
}

impl<W> Clone for Delivery<W> {
    fn clone(&self) -> Self {
        Self { body: self.body.clone(), secret_index: self.secret_index, webhook: PhantomData }
    }
}

impl<W> fmt::Debug for Delivery<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("bytes", &self.body.len())
            .field("secret_index", &self.secret_index)
            .finish_non_exhaustive()
    }
}
