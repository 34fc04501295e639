//! The field values of HTTP authentication (RFC 9110, 11), and their parts.

mod authentication_info;
mod body;
mod challenge;
mod challenges;
mod credentials;
mod lines;
mod mode;
mod param;
mod param_name;
mod param_value;
mod params;
mod scheme;

pub use authentication_info::AuthenticationInfo;
pub use challenge::Challenge;
pub use challenges::Challenges;
pub use credentials::Credentials;
pub use param::AuthParam;
pub use param_value::ParamValue;
pub use params::{Params, ParamsIter};
pub use scheme::Scheme;
