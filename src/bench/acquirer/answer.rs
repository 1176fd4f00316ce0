//! What the acquirer answers with: its codes, its envelope, and the forms in which it names an order code.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use qrcode::{Color, QrCode};

use super::config::PayAction;
use super::json::Json;

/// The white border that a QR code needs, in modules.
const QUIET_MODULES: usize = 4;
/// How many pixels wide a module of a picture is.
const MODULE_PIXELS: usize = 6;

/// A result code other than success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    ParameterIllegal,
    SignatureWrong,
    ClientUnknown,
    RequestRepeated,
    NotFound,
    PaymentCodeInvalid,
    BalanceInsufficient,
    RiskReject,
    OrderIdUsed,
    RefundTooMuch,
    CancelPeriodOver,
    WrongState,
    Busy,
}

impl Code {
    pub(super) fn digits(self) -> &'static str {
        match self {
            Code::ParameterIllegal => "100001",
            Code::SignatureWrong => "100002",
            Code::ClientUnknown => "100003",
            Code::RequestRepeated => "100004",
            Code::NotFound => "200001",
            Code::PaymentCodeInvalid => "200002",
            Code::BalanceInsufficient => "200003",
            Code::RiskReject => "200004",
            Code::OrderIdUsed => "200005",
            Code::RefundTooMuch => "200006",
            Code::CancelPeriodOver => "200007",
            Code::WrongState => "200008",
            Code::Busy => "900001",
        }
    }

    /// Whether this code says that the client broke a rule of the contract, rather than that a customer can't pay.
    pub(super) fn is_violation(self) -> bool {
        match self {
            Code::ParameterIllegal
            | Code::SignatureWrong
            | Code::ClientUnknown
            | Code::RequestRepeated
            | Code::OrderIdUsed => true,
            Code::NotFound
            | Code::PaymentCodeInvalid
            | Code::BalanceInsufficient
            | Code::RiskReject
            | Code::RefundTooMuch
            | Code::CancelPeriodOver
            | Code::WrongState
            | Code::Busy => false,
        }
    }
}

/// A request that was turned down, and why in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) why: String,
}

impl Refusal {
    pub(super) fn new(code: Code, why: impl Into<String>) -> Refusal {
        Refusal { code, why: why.into() }
    }

    pub(super) fn parameter(rule: impl Into<String>) -> Refusal {
        Refusal::new(Code::ParameterIllegal, rule)
    }
}

/// The whole body of an answer.
pub(super) fn envelope(result: &Result<Json, Refusal>) -> Json {
    match result {
        Ok(data) => Json::object([
            ("code", Json::text("000000")),
            ("respMsg", Json::text("success")),
            ("data", data.clone()),
        ]),
        Err(refusal) => {
            Json::object([("code", Json::text(refusal.code.digits())), ("respMsg", Json::text(&refusal.why))])
        }
    }
}

/// The text that a phone decodes from an order code.
pub(super) fn order_code(token: &str) -> String {
    format!("https://qr.wallet.example/{token}")
}

/// The `payAction` of an answer, in the wanted form.
pub(super) fn pay_action(form: PayAction, token: &str, base_url: &str) -> Option<Json> {
    let code = order_code(token);
    let action = |kind: &str, key: &str, address: String| {
        Json::object([("type", Json::text(kind)), (key, Json::Text(address))])
    };
    match form {
        PayAction::Object => Some(action("QRCODE", "redirectUrl", code)),
        PayAction::Array => Some(Json::List(vec![
            action("REDIRECT", "Url", format!("{base_url}/checkout/{token}")),
            action("QRCODE", "redirectUrl", code),
        ])),
        PayAction::Redirect => Some(action("REDIRECT", "Url", code)),
        PayAction::DataUrl => {
            let picture = BASE64.encode(picture(&code)?);
            Some(action("QRCODE", "redirectUrl", format!("data:image/png;base64,{picture}")))
        }
        PayAction::Picture => Some(action("QRCODE", "redirectUrl", format!("{base_url}/qr/{token}.png"))),
        PayAction::Empty => Some(Json::Object(Vec::new())),
        PayAction::Unknown => Some(action("SOUNDWAVE", "redirectUrl", code)),
        PayAction::Absent => None,
    }
}

/// A PNG file of a QR code.
pub(super) fn picture(content: &str) -> Option<Vec<u8>> {
    let code = QrCode::new(content).ok()?;
    let side = (code.width() + 2 * QUIET_MODULES) * MODULE_PIXELS;
    let dark = |x: usize, y: usize| {
        let module = |pixel: usize| {
            (pixel / MODULE_PIXELS).checked_sub(QUIET_MODULES).filter(|module| *module < code.width())
        };
        matches!((module(x), module(y)), (Some(x), Some(y)) if code[(x, y)] == Color::Dark)
    };
    let pixels: Vec<u8> =
        (0..side * side).map(|at| if dark(at % side, at / side) { 0 } else { 255 }).collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, u32::try_from(side).ok()?, u32::try_from(side).ok()?);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().ok()?.write_image_data(&pixels).ok()?;
    Some(file)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn the_picture_of_an_order_code_decodes_to_its_text() {
        let mut reader = png::Decoder::new(std::io::Cursor::new(picture(&order_code("abc")).unwrap()))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(info.width as usize, info.height as usize, |x, y| {
                pixels[y * info.width as usize + x]
            });
        assert_eq!(image.detect_grids()[0].decode().unwrap().1, "https://qr.wallet.example/abc");
    }
}
