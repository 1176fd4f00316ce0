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
pub const PICTURE_BYTES_MAX: usize = 256 * 1024;
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
pub fn data_of(address: &str) -> Option<Option<Vec<u8>>> {
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
pub fn content_of(bytes: &[u8]) -> Option<String> {
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use png::{BitDepth, Encoder};
    use qrcode::{Color, QrCode};

    use super::*;

    const TEXT: &str = "https://qr.example/28?x=1";
    const MODULE: usize = 6;
    const QUIET: usize = 4;

    /// A code as rows of dark (true) and light pixels.
    fn rows(text: &str) -> Vec<Vec<bool>> {
        let code = QrCode::new(text).unwrap();
        let side = (code.width() + 2 * QUIET) * MODULE;
        let module = |pixel: usize| (pixel / MODULE).checked_sub(QUIET).filter(|at| *at < code.width());
        let dark = |x, y| matches!((module(x), module(y)), (Some(x), Some(y)) if code[(x, y)] == Color::Dark);
        (0..side).map(|y| (0..side).map(|x| dark(x, y)).collect()).collect()
    }

    fn png_of(
        rows: &[Vec<bool>],
        kind: ColorType,
        depth: BitDepth,
        pixel: impl Fn(bool) -> Vec<u8>,
    ) -> Vec<u8> {
        let (width, height) = (rows[0].len() as u32, rows.len() as u32);
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, width, height);
        encoder.set_color(kind);
        encoder.set_depth(depth);
        if kind == ColorType::Indexed {
            encoder.set_palette(vec![250, 250, 250, 10, 20, 30]);
        }
        let pixels: Vec<u8> = rows.iter().flatten().flat_map(|dark| pixel(*dark)).collect();
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
        file
    }

    fn grey(rows: &[Vec<bool>]) -> Vec<u8> {
        png_of(rows, ColorType::Grayscale, BitDepth::Eight, |dark| vec![if dark { 0 } else { 255 }])
    }

    #[test]
    fn every_kind_of_png_is_read() {
        let rows = rows(TEXT);
        let level = |dark: bool| if dark { 0_u8 } else { 255 };
        let pictures = [
            grey(&rows),
            png_of(&rows, ColorType::Rgb, BitDepth::Eight, |dark| vec![level(dark), level(dark), 200]),
            png_of(&rows, ColorType::Grayscale, BitDepth::Sixteen, |dark| vec![level(dark), 7]),
            png_of(&rows, ColorType::Indexed, BitDepth::Eight, |dark| vec![u8::from(dark)]),
            // Black all over: what is light is only transparent.
            png_of(&rows, ColorType::Rgba, BitDepth::Eight, |dark| vec![0, 0, 0, if dark { 255 } else { 0 }]),
            png_of(&rows, ColorType::GrayscaleAlpha, BitDepth::Eight, |dark| {
                vec![0, if dark { 255 } else { 0 }]
            }),
        ];
        for (n, picture) in pictures.iter().enumerate() {
            assert_eq!(content_of(picture).as_deref(), Some(TEXT), "picture {n}");
        }
    }

    #[test]
    fn a_jpeg_is_read() {
        let picture = include_bytes!("../../tests/it/data/order_code.jpg");
        assert_eq!(content_of(picture).as_deref(), Some(TEXT));
        for cut in [0, 3, 100, picture.len() / 2] {
            assert_eq!(content_of(&picture[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn two_codes_are_one_only_when_they_say_the_same() {
        let beside = |a: &str, b: &str| -> Vec<Vec<bool>> {
            rows(a).into_iter().zip(rows(b)).map(|(a, b)| [a, b].concat()).collect()
        };
        assert_eq!(content_of(&grey(&beside(TEXT, TEXT))).as_deref(), Some(TEXT));
        assert_eq!(content_of(&grey(&beside(TEXT, "https://qr.example/28?x=2"))), None);
    }

    #[test]
    fn what_holds_no_code_gives_none() {
        let picture = grey(&rows(TEXT));
        let blank = grey(&vec![vec![false; 200]; 200]);
        let mut flipped = picture.clone();
        flipped[60] ^= 0x40;
        for bytes in
            [&b""[..], b"GIF89a", b"<svg/>", &picture[..50], &picture[..picture.len() / 2], &blank, &flipped]
        {
            assert_eq!(content_of(bytes), None);
        }
    }

    #[test]
    fn a_picture_that_claims_to_be_huge_is_refused_unread() {
        let wide = vec![vec![false; SIDE_MAX as usize + 1]; 10];
        assert!(from_png(&grey(&wide)).is_none());
        // The same header, claiming 50,000 pixels each way: 2.5 GB if it were believed.
        let mut liar = grey(&rows(TEXT));
        liar[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
        let sum = crc(&liar[12..29]);
        liar[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(content_of(&liar), None);
        let mut jpeg = include_bytes!("../../tests/it/data/order_code.jpg").to_vec();
        let frame = jpeg.windows(2).position(|two| two == [0xFF, 0xC0] || two == [0xFF, 0xC2]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xF0, 0, 0xF0, 0]);
        assert_eq!(content_of(&jpeg), None);
    }

    #[test]
    fn a_data_address_is_read_in_every_spelling() {
        let picture = grey(&rows(TEXT));
        let text = STANDARD.encode(&picture);
        let found = Some(Some(picture));
        assert_eq!(data_of(&format!("data:image/png;base64,{text}")), found);
        assert_eq!(
            data_of(&format!("DATA:image/png;charset=x;BASE64,{}", text.trim_end_matches('='))),
            found
        );
        assert_eq!(data_of("https://img.example/1.png"), None);
        let unusable = ["data:", "data:image/png,abc", "data:image/png;base64,%%%", "data:image/png;base64"];
        for address in unusable {
            assert_eq!(data_of(address), Some(None), "{address}");
        }
        let too_long = "A".repeat(PICTURE_BYTES_MAX / 3 * 4 + 100);
        assert_eq!(data_of(&format!("data:image/png;base64,{too_long}")), Some(None));
    }

    /// The checksum of a PNG chunk.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(
                crc ^ u32::from(*byte),
                |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
            )
        })
    }
}
