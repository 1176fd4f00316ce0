//! The book as others see it: the `data` of an answer, and everything as JSON for the bench's page and for tests.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::amount::Amount;
use super::answer::order_code;
use super::book::{Book, Found, Payment, Status};
use super::config::Config;
use super::fault::Faults;
use super::json::Json;
use super::log::{Call, Log};
use super::request::Product;

/// The `data` of an answer about a transaction.
pub(super) fn data(book: &Book, found: Found, config: &Config) -> Option<Json> {
    match found {
        Found::Payment(n) => payment_data(book, n, config),
        Found::Refund(n) => {
            let refund = book.refunds.get(n)?;
            let payment = book.payments.get(refund.payment)?;
            let own = Own { id: &refund.asked.id, uq: &refund.uq, status: refund.status, kind: "REFUND" };
            Some(Json::Object(transaction(own, payment, refund.asked.amount)))
        }
        Found::Cancellation(n) => {
            let cancellation = book.cancellations.get(n)?;
            let (id, uq) = (&cancellation.asked.id, &cancellation.uq);
            let own = Own { id, uq, status: cancellation.status, kind: "CANCEL" };
            let Some(payment) = cancellation.payment.and_then(|n| book.payments.get(n)) else {
                return Some(Json::Object(own.fields()));
            };
            Some(Json::Object(transaction(own, payment, payment.asked.amount)))
        }
    }
}

/// The same data, as an acquirer gives it that hasn't heard from the wallet yet.
pub(super) fn still_processing(mut data: Json) -> Json {
    if let Json::Object(fields) = &mut data {
        fields.retain(|(key, _)| key != "payTime" && key != "refundedAmount");
    }
    if let Some(status) = data.field_mut("status") {
        *status = Json::text(Status::Processing.name());
    }
    data
}

/// What is pushed about a payment: the data, and whose store it is.
pub(super) fn news(book: &Book, n: usize, config: &Config) -> Option<Json> {
    let mut data = payment_data(book, n, config)?;
    let payment = book.payments.get(n)?;
    if let Json::Object(fields) = &mut data {
        fields.push(("storeId".to_owned(), Json::text(payment.asked.origin.store_id.as_str())));
    }
    Some(data)
}

/// Makes an answer speak of another amount than it should.
pub(super) fn change_amount(envelope: &mut Json, config: &Config) {
    let Some(data) = envelope.field_mut("data") else { return };
    let decimals = match data.field("currency") {
        Some(Json::Text(currency)) => config.currencies.iter().find(|(known, _)| known == currency),
        _ => None,
    };
    let Some((_, decimals)) = decimals else { return };
    if let Some(Json::Text(amount)) = data.field_mut("amount")
        && let Ok(right) = Amount::parse(amount, *decimals)
    {
        *amount = right.another().to_string();
    }
}

/// Makes an answer speak of another order than it should.
pub(super) fn change_order(envelope: &mut Json) {
    let id = envelope.field_mut("data").and_then(|data| data.field_mut("merchantOrderId"));
    if let Some(Json::Text(id)) = id {
        let other = if id.ends_with('A') { 'B' } else { 'A' };
        id.pop();
        id.push(other);
    }
}

/// The whole book as JSON: orders with all that belongs to them, then what belongs to none.
pub(super) fn everything(book: &Book, log: &Log, faults: &Faults, config: &Config) -> Value {
    let mut calls: Vec<Vec<Value>> = book.payments.iter().map(|_| Vec::new()).collect();
    let mut other_calls = Vec::new();
    for call in &log.calls {
        let order = call.about.iter().find_map(|id| book.payment_of(book.find_any(id)?));
        match order.and_then(|n| calls.get_mut(n)) {
            Some(calls) => calls.push(shown_call(call, config)),
            None => other_calls.push(shown_call(call, config)),
        }
    }
    let orders: Vec<Value> =
        calls.into_iter().enumerate().filter_map(|(n, calls)| shown_order(book, n, calls, config)).collect();
    let violations: Vec<Value> = log
        .violations
        .iter()
        .map(|violation| {
            json!({
                "time": local(violation.at, config),
                "api": violation.api.map(|api| api.name()),
                "requestId": violation.request_id,
                "merchantOrderId": violation.order,
                "code": violation.code,
                "rule": violation.rule,
            })
        })
        .collect();
    json!({
        "orders": orders,
        "otherCalls": other_calls,
        "violations": violations,
        "faults": faults.waiting(),
    })
}

/// What every transaction says of itself.
struct Own<'a> {
    id: &'a str,
    uq: &'a str,
    status: Status,
    kind: &'static str,
}

impl Own<'_> {
    fn fields(&self) -> Vec<(String, Json)> {
        [
            ("status", self.status.name()),
            ("merchantOrderId", self.id),
            ("uqOrderId", self.uq),
            ("transactionType", self.kind),
        ]
        .into_iter()
        // A payment by the static code has no id of the merchant's.
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key.to_owned(), Json::text(value)))
        .collect()
    }
}

fn payment_data(book: &Book, n: usize, config: &Config) -> Option<Json> {
    let payment = book.payments.get(n)?;
    let own = Own { id: &payment.asked.id, uq: &payment.uq, status: payment.status, kind: "PAYMENT" };
    let mut fields = transaction(own, payment, payment.asked.amount);
    if let Some(paid) = payment.paid {
        let (refunded, _) = book.refunded(n)?;
        fields.push(("payTime".to_owned(), Json::Text(local(paid, config))));
        fields.push(("refundedAmount".to_owned(), Json::Text(refunded.to_string())));
    }
    Some(Json::Object(fields))
}

fn transaction(own: Own<'_>, payment: &Payment, amount: Amount) -> Vec<(String, Json)> {
    let mut fields = own.fields();
    let asked = &payment.asked;
    for (key, value) in [
        ("paymentMethod", asked.payment_method.as_str()),
        ("product", asked.product.name()),
        ("amount", &amount.to_string()),
        ("currency", &asked.currency),
    ] {
        fields.push((key.to_owned(), Json::text(value)));
    }
    fields
}

fn shown_order(book: &Book, n: usize, calls: Vec<Value>, config: &Config) -> Option<Value> {
    let payment = book.payments.get(n)?;
    let asked = &payment.asked;
    let (refunded, _) = book.refunded(n)?;
    let has_code = matches!(asked.product, Product::OrderCode | Product::CashierPayment);
    let charges: Vec<Value> = payment
        .movements
        .iter()
        .map(|movement| {
            json!({
                "kind": movement.kind.name(),
                "amount": movement.amount.to_string(),
                "time": local(movement.at, config),
                "by": movement.by,
            })
        })
        .collect();
    Some(json!({
        "merchantOrderId": Some(&asked.id).filter(|id| !id.is_empty()),
        "uqOrderId": payment.uq,
        "paymentMethod": asked.payment_method,
        "product": asked.product.name(),
        "amount": asked.amount.to_string(),
        "currency": asked.currency,
        "description": asked.description,
        "notifyUrl": asked.notify_url,
        "storeId": asked.origin.store_id,
        "subMerchantId": asked.origin.sub_merchant_id,
        "terminalId": asked.origin.terminal_id,
        "operatorId": asked.origin.operator_id,
        "status": payment.status.name(),
        "reason": payment.reason,
        "createdAt": local(payment.created, config),
        "expireAt": local(asked.expire_at, config),
        "payTime": payment.paid.map(|paid| local(paid, config)),
        "orderCode": has_code.then(|| order_code(&payment.token)),
        "scanned": payment.scanned,
        "phoneAsks": payment.phone_asks,
        "paidCount": payment.times_paid(),
        "charges": charges,
        "refundedAmount": refunded.to_string(),
        "kept": payment.kept().to_string(),
        "refunds": shown_refunds(book, n, config),
        "cancellations": shown_cancellations(book, n, config),
        "calls": calls,
    }))
}

fn shown_refunds(book: &Book, payment: usize, config: &Config) -> Vec<Value> {
    book.refunds
        .iter()
        .filter(|refund| refund.payment == payment)
        .map(|refund| {
            json!({
                "merchantOrderId": refund.asked.id,
                "uqOrderId": refund.uq,
                "amount": refund.asked.amount.to_string(),
                "status": refund.status.name(),
                "whyFailed": refund.why_failed,
                "reason": refund.asked.reason,
                "createdAt": local(refund.created, config),
                "terminalId": refund.asked.origin.terminal_id,
                "operatorId": refund.asked.origin.operator_id,
            })
        })
        .collect()
}

fn shown_cancellations(book: &Book, payment: usize, config: &Config) -> Vec<Value> {
    book.cancellations
        .iter()
        .filter(|cancellation| cancellation.payment == Some(payment))
        .map(|cancellation| {
            json!({
                "merchantOrderId": cancellation.asked.id,
                "uqOrderId": cancellation.uq,
                "status": cancellation.status.name(),
                "createdAt": local(cancellation.created, config),
                "terminalId": cancellation.asked.origin.terminal_id,
                "operatorId": cancellation.asked.origin.operator_id,
            })
        })
        .collect()
}

fn shown_call(call: &Call, config: &Config) -> Value {
    json!({
        "api": call.api.name(),
        "requestId": call.request_id,
        "time": local(call.at, config),
        "connection": call.connection,
        "about": call.about,
        "answered": call.answered,
        "fault": call.fault.map(|fault| fault.word()),
    })
}

fn local(at: Timestamp, config: &Config) -> String {
    config.zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
