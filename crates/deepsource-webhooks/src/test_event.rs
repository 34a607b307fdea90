//! The delivery with which DeepSource tries an endpoint out.

use serde::Serializer;
use webhook_core::describe::Shape;
use webhook_core::json::{NotJson, Reader};
use webhook_core::{RawJson, Wire};

/// An endpoint is being activated or tried out; nothing has happened.
///
/// Decoding one never fails because of what is in it: the payload is kept as it came.
///
/// **Trap:** a new endpoint gets no other event until it has answered one of these with a 2xx status. It is signed like
/// any other delivery, and is to be verified like any other.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/setup)
#[derive(Debug, Clone, PartialEq)]
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
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        Ok(<RawJson as Wire>::read(json)?.map(|data| Self { data }))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.data.write(serializer)
    }

    fn of_nothing() -> Option<Self> {
        RawJson::of_nothing().map(|data| Self { data })
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<TestData as Wire>::shape, || Shape::Any])
    }
}

webhook_core::wire_as_serde!(TestEvent);
