//! Test cases.

use std::sync::LazyLock;

use webhook_core::serde::Serializer;
use webhook_core::serde::de::{Deserializer, Error, MapAccess};
use webhook_core::serde::ser::SerializeMap;
use webhook_core::shape::{Field, Shape};
use webhook_core::wire::object::{self, store};
use webhook_core::wire::{Encoded, Object, seed};
use webhook_core::{Open, RawJson, Wire};

use crate::attachment::Attachment;
use crate::custom_field::CustomFieldType;
use crate::lenient::FlagOrHash;
use crate::system_field::SystemField;

/// A test case as a whole.
///
/// **Trap:** not sent are tags, parameters, the layer, the flaky flag, times, the author, and whether the steps are
/// Gherkin.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-case)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "case.created")]
pub struct TestCase {
    /// The id of the case within its project. The vendor's page calls it a title by mistake.
    pub id: u64,
    /// The title.
    pub title: Option<String>,
    /// What the case is about, in Markdown.
    #[wire(nullable)]
    pub description: Option<String>,
    /// What must hold before the first step.
    #[wire(nullable)]
    pub preconditions: Option<String>,
    /// What must hold after the last step.
    #[wire(nullable)]
    pub postconditions: Option<String>,
    /// How urgent it is.
    pub priority: Option<SystemField>,
    /// How bad a failure is.
    pub severity: Option<SystemField>,
    /// Whether it tests what should work or what should not.
    pub behavior: Option<SystemField>,
    /// Functional, smoke and the like.
    #[wire(rename = "type")]
    pub kind: Option<SystemField>,
    /// Whether a person or a program runs it.
    pub automation: Option<SystemField>,
    /// Draft, actual and the like.
    pub status: Option<SystemField>,
    /// The suite that holds it; `None` outside any suite.
    #[wire(nullable)]
    pub suite_id: Option<u64>,
    /// The milestone it belongs to.
    #[wire(nullable)]
    pub milestone_id: Option<u64>,
    /// What to do, in order.
    pub steps: Vec<CaseStep>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
    /// The values of custom fields.
    pub custom_fields: Vec<CaseFieldValue>,
}

/// A case that was edited, removed or copied.
///
/// **Trap:** one page of the vendor shows nothing but ids here, another says that the whole case is sent, so both
/// decode: look for [`case`](Self::case), and read it through the vendor's API where it is missing.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-case)
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[doc(alias = "case.updated")]
#[doc(alias = "case.deleted")]
#[doc(alias = "case.cloned")]
pub struct CaseChange {
    /// The id of the case within its project; of a copied case, the copy.
    pub id: u64,
    /// The id of the original; in `case.cloned` only.
    pub from_id: Option<u64>,
    /// The case, where more than ids came: `Some` exactly when the payload has a `title`.
    pub case: Option<TestCase>,
}

/// A step of a case.
#[derive(Debug, Clone, PartialEq, Eq, Wire)]
#[non_exhaustive]
pub struct CaseStep {
    /// Its place among the steps, from 1.
    pub position: Option<u64>,
    /// What to do.
    pub action: Option<String>,
    /// What should then happen.
    pub expected_result: Option<String>,
    /// What to do it with.
    pub data: Option<String>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
    /// Whether the step comes from a shared step: so it seems, the vendor does not explain it. A hash in its place
    /// counts as `true`.
    #[wire(with = FlagOrHash)]
    pub shared: Option<bool>,
    /// Steps inside this one. The product has them; whether webhooks carry them is not documented.
    #[wire(optional)]
    pub steps: Vec<CaseStep>,
}

/// The value of a custom field in a case.
#[derive(Debug, Clone, PartialEq, Eq, Wire)]
#[non_exhaustive]
pub struct CaseFieldValue {
    /// The id of the custom field in its workspace.
    #[wire(alias = "field_id")]
    pub id: u64,
    /// The title of the custom field.
    pub title: Option<String>,
    /// What kind of values the custom field takes.
    #[wire(rename = "type")]
    pub kind: Option<Open<CustomFieldType>>,
    /// The value as JSON.
    ///
    /// **Trap:** one text of the vendor calls it an object, and its samples have text even for a number. See
    /// [`text`](Self::text).
    pub value: Option<RawJson>,
}

impl CaseFieldValue {
    /// The value as text; `None` when there is none, or when it is an object or a list.
    ///
    /// Decimal digits for a number, the option's id for a select box or radio buttons, option ids joined by commas for
    /// a multiple selection, `1` or nothing for a checkbox, a member's id for a user.
    pub fn text(&self) -> Option<String> {
        let value = self.value.as_ref()?;
        match value.get().as_bytes().first()? {
            b'"' => value.as_text(),
            b'{' | b'[' | b'n' => None,
            _ => Some(value.get().to_owned()),
        }
    }
}

impl Wire for CaseChange {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::decode(deserializer)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object::encode(self, serializer)
    }

    fn shape() -> Shape {
        object::shape::<Self>()
    }
}

webhook_core::wire_as_serde!(CaseChange);

/// The keys of [`TestCase`], of which only the id is certain to come, and one more.
const _: () = {
    const FROM_ID: &str = "from_id";
    /// Far behind the numbers that [`TestCase`] gives its own keys.
    const FROM_ID_KEY: usize = object::UNKNOWN - 1;

    #[doc(hidden)]
    #[derive(Default)]
    pub struct Partial {
        case: <TestCase as Object>::Partial,
        has_title: bool,
        #[expect(clippy::option_option, reason = "whether the key came, and whether it was `null`")]
        from_id: Option<Option<u64>>,
    }

    impl Object for CaseChange {
        type Partial = Partial;
        const NAME: &'static str = "CaseChange";
        const DOC: &'static str = "A case that was edited, removed or copied.";

        fn key(text: &str) -> usize {
            if text == FROM_ID { FROM_ID_KEY } else { TestCase::key(text) }
        }

        fn decode_field<'de, A: MapAccess<'de>>(
            partial: &mut Partial,
            key: usize,
            map: &mut A,
        ) -> Result<(), A::Error> {
            if key == FROM_ID_KEY {
                return store(&mut partial.from_id, FROM_ID, seed(), map);
            }
            partial.has_title |= key == TestCase::key("title");
            TestCase::decode_field(&mut partial.case, key, map)
        }

        fn finish<E: Error>(partial: Partial) -> Result<Self, E> {
            // Nothing but the id is required of a case, so what has no more than that is one as well.
            let case = TestCase::finish::<E>(partial.case)?;
            Ok(Self {
                id: case.id,
                from_id: partial.from_id.flatten(),
                case: partial.has_title.then_some(case),
            })
        }

        fn encode_fields<S: SerializeMap>(&self, map: &mut S) -> Result<(), S::Error> {
            match &self.case {
                Some(case) => case.encode_fields(map)?,
                None => map.serialize_entry("id", &Encoded::new(&self.id))?,
            }
            match &self.from_id {
                Some(id) => map.serialize_entry(FROM_ID, &Encoded::new(id)),
                None => Ok(()),
            }
        }

        fn fields() -> &'static [Field] {
            static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
                let of_case = TestCase::fields()
                    .iter()
                    .map(|field| field.documented(field.nullable, field.name != "id"));
                let from_id = Field::new(
                    FROM_ID,
                    "The id of the original; in `case.cloned` only.",
                    <u64 as Wire>::shape,
                );
                of_case.chain([from_id.documented(false, true)]).collect()
            });
            &FIELDS
        }
    }
};
