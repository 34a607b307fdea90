//! The delivery with which DeepSource tries an endpoint out.

use webhook_core::serde::{Deserializer, Serializer};
use webhook_core::shape::Shape;
use webhook_core::wire::object;
use webhook_core::{RawJson, Wire};

/// An endpoint is being activated or tried out; nothing has happened.
///
/// Decoding one never fails because of what is in it: the payload is kept as it came.
///
/// **Trap:** a new endpoint gets no other event until it has answered one of these with a 2xx status. It is signed like
/// any other delivery, and is to be verified like any other.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/setup)
#[derive(Debug, Clone, PartialEq, Eq)]
#[doc(alias = "test.event")]
#[non_exhaustive]
pub struct TestEvent {
    /// The payload as it came; `null` when the envelope had none. See [`test`](Self::test).
    pub data: RawJson,
}

/// What the vendor documents to be in the payload.
#[derive(Wire)]
struct TestData {
    /// Whether this is a test: always true.
    #[wire(alias = "Test")]
    test: Option<bool>,
}

impl TestEvent {
    /// The flag in the payload, true as far as is known, in either spelling of its key: the preview in an older
    /// dashboard wrote `Test`. `None` when the payload is anything else than documented.
    pub fn test(&self) -> Option<bool> {
        self.data.parse::<TestData>().ok()?.test
    }
}

impl Wire for TestEvent {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        RawJson::decode(deserializer).map(|data| Self { data })
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.data.encode(serializer)
    }

    fn absent() -> Option<Self> {
        RawJson::from_text("null".to_owned()).ok().map(|data| Self { data })
    }

    fn shape() -> Shape {
        Shape::OneOf(&[object::shape::<TestData>, || Shape::Any])
    }
}

webhook_core::wire_as_serde!(TestEvent);
