//! References of audits and corrective actions: people, templates, tags, audited objects, files.

use chrono::{DateTime, Utc};
use webhook_core::Wire;
use webhook_core::wire::Iso8601;

/// A user, a template or a tag, by id and name. A reference without an id keeps its name.
///
/// **Trap:** the name of a user is personal data.
///
/// `Debug` shows the name.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct NamedRef {
    /// Its id.
    ///
    /// **Trap:** an id of all zeros means a person who is not a user of MonitorQA. See [`NamedRef::is_nil`].
    pub id: Option<NamedId>,
    /// Its name.
    pub name: Option<String>,
}

/// An audited object: a place, a machine, a line. An object without an id keeps its name.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct AuditObjectRef {
    /// The id of the object.
    pub id: Option<AuditObjectId>,
    /// The name of the object.
    pub name: Option<String>,
    /// Notes on the object; in the details of an audit only.
    #[wire(tolerated, optional)]
    pub notes: Option<String>,
}

/// An attached file. A file without an id keeps its name.
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FileRef {
    /// The id of the file.
    pub id: Option<FileId>,
    /// The name of the file.
    pub name: Option<String>,
    /// Its media type, such as `application/pdf`.
    pub content_type: Option<String>,
    /// When it was last changed.
    #[wire(with = Iso8601)]
    pub updated_at: Option<DateTime<Utc>>,
}

webhook_core::text_id! {
    /// The id of a user, a template or a tag.
    ///
    /// **Trap:** ids of MonitorQA look like UUIDs but are not. Its pages have letters after `f` and groups of other
    /// lengths, and real ids do not follow RFC 4122. They are kept as sent.
    pub struct NamedId;

    /// The id of an audited object.
    pub struct AuditObjectId;

    /// The id of a file.
    pub struct FileId;
}

impl NamedRef {
    /// Whether this is a person who is not a user of MonitorQA, such as an auditee who signed.
    pub fn is_nil(&self) -> bool {
        self.id.as_ref().is_some_and(NamedId::is_nil)
    }
}

impl NamedId {
    /// Whether the id is all zeros, of any number and grouping: the vendor's pages have one of the wrong length.
    pub fn is_nil(&self) -> bool {
        let text = self.as_str();
        text.contains('0') && text.bytes().all(|byte| matches!(byte, b'0' | b'-'))
    }
}
