//! What every request says of the shop that asks.

use super::profile::Profile;
use super::sign::check_text;

/// The longest description that the acquirer takes, in characters.
const DESCRIPTION_MAX: usize = 256;

/// The shop, as requests name it. Empty optional fields are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchant {
    /// The shop's own id at the acquirer.
    pub store_id: String,
    /// Whose shop it is, where one key serves many; may be empty.
    pub sub_merchant_id: String,
    /// The terminal; may be empty.
    pub terminal_id: String,
    /// Who serves; may be empty.
    pub operator_id: String,
    /// What is sold, for the customer's wallet: 1 to 256 characters.
    pub description: String,
}

/// What requests can't say of a shop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not use {field}: {why}")]
pub struct MerchantFault {
    /// The field's name in [`Merchant`].
    pub field: &'static str,
    /// What is wrong with it.
    pub why: String,
}

impl Merchant {
    /// Checks that requests can carry all of it.
    ///
    /// # Errors
    /// The first field that they can't; nothing was changed.
    pub fn check(&self, profile: &Profile) -> Result<(), MerchantFault> {
        let id_max = profile.request.id_length_max;
        let fields = [
            ("store_id", &self.store_id, 1, id_max),
            ("sub_merchant_id", &self.sub_merchant_id, 0, id_max),
            ("terminal_id", &self.terminal_id, 0, id_max),
            ("operator_id", &self.operator_id, 0, id_max),
            ("description", &self.description, 1, DESCRIPTION_MAX),
        ];
        for (field, text, min, max) in fields {
            let fault = |why| Err(MerchantFault { field, why });
            let length = text.chars().count();
            if length < min {
                return fault("it can't be empty".to_owned());
            }
            if length > max {
                return fault(format!("it is longer than {max} characters"));
            }
            if let Err(why) = check_text(text) {
                return fault(why.to_string());
            }
        }
        Ok(())
    }
}
