//! The delivery with which DeepSource tests an endpoint.

use serde::Serializer;
use webhook_core::describe::Shape;
use webhook_core::json::{NotJson, Reader};
use webhook_core::{RawJson, Wire};

/// A test of the endpoint, for its activation or by hand. There is no real event.
///
/// The payload is kept as raw JSON, so its content never makes decoding fail. Drift reports a missing payload, `null`, and
/// unknown keys of an object, but no other form.
///
/// **Trap:** a new endpoint gets no other event until it has answered one of these with a 2xx status. It is signed like
/// any other delivery: verify it.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/setup)
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "test.event")]
#[non_exhaustive]
pub struct TestEvent {
    /// The raw payload; `null` if the envelope has none. See [`test`](Self::test).
    pub data: RawJson,
}

/// The documented content of the payload.
#[derive(Wire)]
struct TestData {
    /// Whether this is a test: always true.
    #[wire(alias = "Test")]
    test: Option<bool>,
}

impl TestEvent {
    /// The flag in the payload, which is always true as far as is known. Both spellings of its key are read: the
    /// preview in an older dashboard had `Test`. `None` if the payload does not have the documented form.
    pub fn test(&self) -> Option<bool> {
        self.data.parse::<TestData>().ok()?.test
    }
}

impl Wire for TestEvent {
    fn read(json: &mut Reader<'_>) -> Result<Option<Self>, NotJson> {
        // Kept as raw JSON, so only drift checks it.
        json.note_unexpected();
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
