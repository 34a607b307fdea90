//! A finished audit, with its details at any of the possible places.

use serde::Serializer;
use webhook_core::Wire;
use webhook_core::describe::Shape;
use webhook_core::json::{JsonKind, NotJson, Reader};
use webhook_core::wire::WireAs;

use super::{AuditDetails, AuditId};

/// An audit that was finished, with its details.
///
/// **Trap:** the vendor documents that the details are in the payload, but not where. No real delivery is known.
/// Therefore every possible place is read: below `audit`, in a list of one object there, and beside `auditId`.
///
/// [`details`](Self::details) returns them from any of these places, and [`position`](Self::position) returns the
/// place.
///
/// The details are written back at the same place, always with `auditId`.
///
/// [Vendor page](https://developer.monitorqa.com/#/webhook)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "AUDIT_COMPLETED")]
pub struct AuditCompleted {
    /// The id of the audit: `auditId`, or the id in the details if `auditId` is missing.
    #[wire(identity, or = "audit.id", or = "beside.id")]
    pub audit_id: AuditId,
    /// The details below `audit`. Use [`details`](Self::details) to get them from any place.
    #[wire(optional, with = AloneOrInList)]
    pub audit: Option<AuditDetails>,
    /// The details beside `auditId`. Use [`details`](Self::details) to get them from any place.
    #[wire(flatten, optional)]
    pub beside: AuditDetails,
}

/// The place of the details of an audit in the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DetailsPosition {
    /// In `audit`, like the details of a corrective action in `correctiveAction`.
    Nested,
    /// Beside `auditId`. They have no `id`, or another one.
    Flattened,
    /// The payload itself is the details, with the id of the audit as `id`.
    Whole,
    /// There are no details, only an id. This is the form that the page shows.
    Absent,
}

impl AuditCompleted {
    /// The details from the first place with more than an id: `audit`, then beside `auditId`. `None` if neither has
    /// more.
    pub fn details(&self) -> Option<&AuditDetails> {
        self.audit
            .as_ref()
            .filter(|details| tells(details))
            .or_else(|| Some(&self.beside).filter(|details| tells(details)))
    }

    /// The place of [`details`](Self::details). If you have a real delivery, please report this place to us.
    pub fn position(&self) -> DetailsPosition {
        if self.audit.as_ref().is_some_and(tells) {
            DetailsPosition::Nested
        } else if !tells(&self.beside) {
            DetailsPosition::Absent
        } else if self.beside.id.as_ref() == Some(&self.audit_id) {
            DetailsPosition::Whole
        } else {
            DetailsPosition::Flattened
        }
    }
}

/// Whether the details have more than an id.
fn tells(details: &AuditDetails) -> bool {
    *details != AuditDetails { id: details.id.clone(), ..AuditDetails::default() }
}

/// One object, or a list whose first object is used. It is written as the object.
struct AloneOrInList;

impl WireAs<AuditDetails> for AloneOrInList {
    fn read(json: &mut Reader<'_>) -> Result<Option<AuditDetails>, NotJson> {
        if json.kind()? != JsonKind::Array {
            return <AuditDetails as Wire>::read(json);
        }
        let list = <Vec<AuditDetails> as Wire>::read(json)?.unwrap_or_default();
        if list.len() > 1 {
            json.note_unexpected();
        }
        Ok(list.into_iter().next())
    }

    fn write<S: Serializer>(value: &AuditDetails, serializer: S) -> Result<S::Ok, S::Error> {
        value.write(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[<AuditDetails as Wire>::shape, <Vec<AuditDetails> as Wire>::shape])
    }
}
