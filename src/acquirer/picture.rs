//! An order code that comes as a picture: fetched, decoded, and only its content kept.
//!
//! What is shown is drawn anew from the content, sharp at the display's own size. A picture is a stranger's bytes: it
//! comes from listed hosts over https only, is small, is fetched without a redirect and within a limit, and its dimensions
//! are judged before any pixel is decoded. What holds no code, or two different ones, gives none.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::header::HOST;
use hyper::{StatusCode, Uri};
use png::{ColorType, Decoder, Limits, Transformations};
use postern_heart::ask::OrderCode;
use rqrr::PreparedImage;
use tokio::time::timeout;
use tracing::debug;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::connection::{Connector, Endpoint};
use super::protocol::Message;
use super::wire;

/// The largest picture, in bytes.
pub(super) const PICTURE_BYTES_MAX: usize = 256 * 1024;
/// The largest picture, in pixels each way.
const SIDE_MAX: u32 = 1200;
/// What decoding may allocate besides the pixels themselves.
const DECODER_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Gets the order code out of pictures.
#[derive(Clone)]
pub(super) struct Pictures {
    /// Opens the connections to fetch from.
    pub(super) connector: Connector,
    /// The hosts to fetch from.
    pub(super) hosts: BTreeSet<String>,
    /// The limit for one fetch.
    pub(super) limit: Duration,
}

impl Pictures {
    /// The code in the picture at this `data:` or `https:` address; `None` where there is none that can be used.
    pub(super) async fn code_at(&self, address: &str) -> Option<OrderCode> {
        let bytes = match data_of(address) {
            Some(inline) => inline?,
            None => timeout(self.limit, self.fetch(address)).await.ok()??,
        };
        // Decoding takes milliseconds, and a decoder that panics must not take the connection's thread along.
        let decoded = tokio::task::spawn_blocking(move || content_of(&bytes)).await.ok().flatten();
        if decoded.is_none() {
            debug!("no code could be read from the picture");
        }
        decoded.as_deref().and_then(wire::order_code)
    }

    async fn fetch(&self, address: &str) -> Option<Vec<u8>> {
        let uri: Uri = address.parse().ok()?;
        let host = uri.host()?.to_ascii_lowercase();
        if uri.scheme_str() != Some("https") || !self.hosts.contains(&host) {
            debug!(host, "a picture is not fetched from there");
            return None;
        }
        let port = uri.port_u16().unwrap_or(443);
        let mut connection = self.connector.open(&Endpoint { host, port }).await.ok()?;
        let mut message = Message::new(Full::default());
        message.headers_mut().insert(HOST, uri.authority()?.as_str().parse().ok()?);
        *message.uri_mut() = uri.path_and_query()?.as_str().parse().ok()?;
        let (head, body) = connection.exchange(message, PICTURE_BYTES_MAX).await.ok()?;
        (head.status == StatusCode::OK).then(|| body.to_vec())
    }
}

/// The content of a `data:` address: `None` where it is another kind of address, `Some(None)` where it can't be read.
fn data_of(address: &str) -> Option<Option<Vec<u8>>> {
    let (scheme, rest) = address.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("data") {
        return None;
    }
    let content = rest.split_once(',').filter(|(kind, _)| kind.to_ascii_lowercase().ends_with(";base64"));
    Some(content.and_then(|(_, content)| {
        let content = content.trim_end_matches('=');
        let padded = format!("{content}{}", "=".repeat((4 - content.len() % 4) % 4));
        let fits = padded.len() / 4 * 3 <= PICTURE_BYTES_MAX + 2;
        fits.then(|| STANDARD.decode(padded).ok()).flatten()
    }))
}

/// A grey picture: a byte a pixel, row by row.
struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// The one text that the codes in a picture hold.
pub(super) fn content_of(bytes: &[u8]) -> Option<String> {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
    const JPEG: &[u8] = b"\xff\xd8\xff";
    let grey = if bytes.starts_with(PNG) {
        from_png(bytes)?
    } else if bytes.starts_with(JPEG) {
        from_jpeg(bytes)?
    } else {
        return None;
    };
    let at = |x: usize, y: usize| grey.pixels.get(y * grey.width + x).copied().unwrap_or(u8::MAX);
    let mut image = PreparedImage::prepare_from_greyscale(grey.width, grey.height, at);
    let texts: BTreeSet<String> =
        image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect();
    let mut texts = texts.into_iter();
    texts.next().filter(|_| texts.next().is_none())
}

fn from_png(bytes: &[u8]) -> Option<Grey> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: DECODER_BYTES_MAX });
    decoder.set_ignore_text_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = reader.info().size();
    if width > SIDE_MAX || height > SIDE_MAX {
        return None;
    }
    let mut raw = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut raw).ok()?;
    let samples = frame.color_type.samples();
    let pixels =
        raw.get(..frame.buffer_size())?.chunks_exact(samples).map(|pixel| grey_of(frame.color_type, pixel));
    let (width, height) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
    Some(Grey { width, height, pixels: pixels.collect() })
}

/// How bright a pixel is on white paper.
fn grey_of(kind: ColorType, pixel: &[u8]) -> u8 {
    let (light, alpha) = match (kind, pixel) {
        (ColorType::Grayscale, [grey]) => (u32::from(*grey), u8::MAX),
        (ColorType::GrayscaleAlpha, [grey, alpha]) => (u32::from(*grey), *alpha),
        (ColorType::Rgb, [r, g, b]) => (luma(*r, *g, *b), u8::MAX),
        (ColorType::Rgba, [r, g, b, alpha]) => (luma(*r, *g, *b), *alpha),
        _ => (u32::from(u8::MAX), u8::MAX),
    };
    let (white, alpha) = (u32::from(u8::MAX), u32::from(alpha));
    u8::try_from((light * alpha + white * (white - alpha)) / white).unwrap_or(u8::MAX)
}

fn luma(r: u8, g: u8, b: u8) -> u32 {
    (u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1000
}

fn from_jpeg(bytes: &[u8]) -> Option<Grey> {
    let side = usize::try_from(SIDE_MAX).ok()?;
    let options = DecoderOptions::new_safe()
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let info = decoder.info()?;
    let pixels = decoder.decode().ok()?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    (pixels.len() == width * height).then_some(Grey { width, height, pixels })
}
