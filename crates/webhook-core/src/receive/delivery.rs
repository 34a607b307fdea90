//! A genuine request, with its exact bytes.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::envelope::{DecodeError, Envelope, Peek, payload_as};
use crate::receive::key::IdempotencyKey;

/// A delivery whose sender has been verified, and whose body has not been parsed.
///
/// It owns the exact bytes, so that it can be stored before it is processed. A delivery whose payload does not decode
/// still has its body, its name and its error. `Debug` shows nothing of the body.
///
/// Only a [`Receiver`](crate::Receiver) or [`from_unverified`](Self::from_unverified) creates one.
pub struct Delivery<W> {
    body: Bytes,
    secret_index: Option<usize>,
    webhook: PhantomData<fn() -> W>,
}

impl<W: Envelope> Delivery<W> {
    pub(crate) fn verified(body: Bytes, secret_index: Option<usize>) -> Self {
        Self { body, secret_index, webhook: PhantomData }
    }

    /// Creates a delivery without any check, for example from stored bytes.
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
    /// verified. Use it during a rotation: remove the old secret when it is no longer used.
    pub fn secret_index(&self) -> Option<usize> {
        self.secret_index
    }

    /// The name of the event, read without decoding the payload.
    ///
    /// # Errors
    ///
    /// The body is not a JSON object or has no event name, as far as it was read.
    pub fn name(&self) -> Result<String, DecodeError> {
        W::peek(&self.body).map(|Peek { name, .. }| name.into_owned())
    }

    /// The key of the delivery. Store it to recognise repetitions.
    pub fn key(&self) -> IdempotencyKey {
        W::key_of(&self.body)
    }

    /// Decodes the webhook.
    ///
    /// # Errors
    ///
    /// The body is not a JSON object, has no event name, or is a listed event without a usable identity. It is still a
    /// genuine delivery: answer the vendor with success, or it may disable the webhook.
    pub fn decode(&self) -> Result<W, DecodeError> {
        W::from_slice(&self.body)
    }

    /// Decodes only the payload, as a type of the vendor crate or one of your own. The name of the event is not used.
    ///
    /// # Errors
    ///
    /// The body is not an envelope with a payload, or the payload does not fit the type.
    pub fn decode_as<P: DeserializeOwned>(&self) -> Result<P, DecodeError> {
        payload_as::<W, P>(&self.body)
    }

    /// Decodes the webhook, and finds how the delivery differs from the documented form of its event. If it does not
    /// differ, this usually costs no more than decoding.
    ///
    /// # Errors
    ///
    /// See [`decode`](Self::decode).
    #[cfg(feature = "drift")]
    pub fn decode_with_drift(&self) -> Result<crate::drift::Decoded<W>, DecodeError> {
        crate::drift::decode(&self.body)
    }

    /// How the delivery differs from the documented form of its event.
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
