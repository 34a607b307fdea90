//! Types as data: their form on the wire, the drift of a delivery, and schemas.

#[cfg(feature = "drift")]
pub mod drift;
mod path;
#[cfg(feature = "schema")]
pub mod schema;
mod shape;

pub use path::write_key;
pub(crate) use path::{join, path_at};
pub use shape::{Field, Shape, identity};
#[doc(hidden)]
pub use shape::{id_of_key, type_name};
