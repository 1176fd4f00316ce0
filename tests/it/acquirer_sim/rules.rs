//! Every rule of the contract about a request's form: broken, it is refused by name, and nothing is entered.

use serde_json::{Value, json};

use super::World;

/// What is done to a right body, and the rule that it breaks.
type Broken = (fn(&mut Value), &'static str);

async fn refuses(world: &mut World, path: &str, right: &Value, table: &[Broken]) {
    for (spoil, rule) in table {
        let mut body = right.clone();
        spoil(&mut body);
        let answer = world.ask(path, &body).await;
        assert_eq!(answer["code"], "100001", "{rule}: {answer}");
        assert_eq!(answer["respMsg"], *rule);
        let book = world.acquirer.orders();
        assert_eq!(book["violations"].as_array().unwrap().last().unwrap()["rule"], *rule);
    }
}

fn without(body: &mut Value, name: &str) {
    body.as_object_mut().unwrap().remove(name).unwrap();
}

fn of(length: usize) -> Value {
    "x".repeat(length).into()
}

#[tokio::test]
async fn every_broken_rule_of_a_pay_is_refused_by_name() {
    let mut world = World::new().await;
    let right = world.order_pay("A1");
    let table: &[Broken] = &[
        (|b| without(b, "merchantOrderId"), "merchantOrderId is missing"),
        (|b| b["merchantOrderId"] = "".into(), "merchantOrderId is empty"),
        (|b| b["merchantOrderId"] = Value::Null, "merchantOrderId is missing"),
        (|b| b["merchantOrderId"] = 7.into(), "merchantOrderId must be a string, not a number"),
        (|b| b["merchantOrderId"] = of(33), "merchantOrderId is longer than 32 characters"),
        (|b| b["merchantOrderId"] = "A 1".into(), "merchantOrderId may hold only letters, digits, _ and -"),
        (|b| b["merchantOrderId"] = "A1é".into(), "merchantOrderId may hold only letters, digits, _ and -"),
        (|b| without(b, "paymentMethod"), "paymentMethod is missing"),
        (|b| b["paymentMethod"] = "".into(), "paymentMethod is empty"),
        (|b| b["paymentMethod"] = "alipay_hk".into(), "paymentMethod \"alipay_hk\" isn't ALIPAY_HK"),
        (|b| without(b, "product"), "product is missing"),
        (|b| b["product"] = "".into(), "product is empty"),
        (|b| b["product"] = "ENTRY_CODE".into(), "product \"ENTRY_CODE\" isn't one that a PAY can have"),
        (|b| b["product"] = "order_code".into(), "product \"order_code\" isn't one that a PAY can have"),
        (|b| without(b, "amount"), "amount is missing"),
        (|b| b["amount"] = "".into(), "amount is empty"),
        (|b| b["amount"] = json!(100.5), "amount must be a string, not a number"),
        (|b| b["amount"] = "100".into(), "amount \"100\" must have exactly 2 decimals for HKD"),
        (|b| b["amount"] = "100.0".into(), "amount \"100.0\" must have exactly 2 decimals for HKD"),
        (|b| b["amount"] = "0.00".into(), "amount \"0.00\" must have more than zero for HKD"),
        (|b| b["amount"] = "-1.00".into(), "amount \"-1.00\" must have only digits and one point for HKD"),
        (|b| without(b, "currency"), "currency is missing"),
        (|b| b["currency"] = "".into(), "currency is empty"),
        (|b| b["currency"] = "hkd".into(), "currency \"hkd\" isn't taken"),
        (|b| b["currency"] = "USD".into(), "currency \"USD\" isn't taken"),
        (|b| without(b, "expireAt"), "expireAt is missing"),
        (|b| b["expireAt"] = "".into(), "expireAt is empty"),
        (|b| b["payCodeValue"] = "280".into(), "payCodeValue is only for PAYMENT_CODE, not for ORDER_CODE"),
        (|b| without(b, "goods"), "goods is missing"),
        (|b| b["goods"] = "tea".into(), "goods must be an object, not a string"),
        (|b| b["goods"] = json!([]), "goods must be an object, not an array"),
        (|b| b["goods"] = json!({}), "goods.description is missing"),
        (
            |b| b["goods"] = json!({ "Description": "x" }),
            "goods.Description is unknown: it is spelt description",
        ),
        (|b| b["goods"]["name"] = "x".into(), "goods.name is unknown"),
        (|b| b["goods"]["description"] = "".into(), "goods.description is empty"),
        (|b| b["goods"]["description"] = true.into(), "goods.description must be a string, not a boolean"),
        (|b| b["goods"]["description"] = of(257), "goods.description is longer than 256 characters"),
        (
            |b| b["goods"]["description"] = "a&b".into(),
            "goods.description holds a character that the signature can't carry",
        ),
        (
            |b| b["goods"]["description"] = "a\nb".into(),
            "goods.description holds a character that the signature can't carry",
        ),
        (|b| without(b, "riskData"), "riskData is missing"),
        (|b| b["riskData"] = json!({}), "riskData.Device is missing"),
        (
            |b| b["riskData"] = json!({ "device": { "os": "Linux" } }),
            "riskData.device is unknown: it is spelt Device",
        ),
        (|b| b["riskData"]["Device"] = json!({}), "riskData.Device.os is missing"),
        (|b| b["riskData"]["Device"]["os"] = "".into(), "riskData.Device.os is empty"),
        (
            |b| b["riskData"]["Device"] = json!({ "OS": "Linux" }),
            "riskData.Device.OS is unknown: it is spelt os",
        ),
        (|b| b["riskdata"] = json!({}), "riskdata is unknown: it is spelt riskData"),
        (|b| without(b, "storeId"), "storeId is missing"),
        (|b| b["storeId"] = "".into(), "storeId is empty"),
        (|b| b["storeId"] = of(65), "storeId is longer than 64 characters"),
        (|b| b["subMerchantId"] = of(65), "subMerchantId is longer than 64 characters"),
        (|b| b["terminalId"] = of(65), "terminalId is longer than 64 characters"),
        (|b| b["terminalId"] = 1.into(), "terminalId must be a string, not a number"),
        (|b| b["operatorId"] = of(65), "operatorId is longer than 64 characters"),
        (|b| b["operatorId"] = "a|b".into(), "operatorId holds a character that the signature can't carry"),
        (|b| b["notifyUrl"] = "ftp://shop.example".into(), "notifyUrl must be an http address"),
        (|b| b["notifyurl"] = "https://shop.example".into(), "notifyurl is unknown: it is spelt notifyUrl"),
        (|b| b["tip"] = "1.00".into(), "tip is unknown"),
    ];
    refuses(&mut world, "/v1/pay", &right, table).await;
    let book = world.acquirer.orders();
    assert_eq!(book["orders"], json!([]), "nothing was entered");
    assert_eq!(book["violations"].as_array().unwrap().len(), table.len());
    assert_eq!(world.pay(&right).await["code"], "000000", "the body was right but for what was spoilt");
}

#[tokio::test]
async fn a_payment_code_must_come_with_its_product_and_the_reverse() {
    let mut world = World::new().await;
    let right = world.code_pay("A1", "280000000000000000");
    let table: &[Broken] = &[
        (|b| without(b, "payCodeValue"), "payCodeValue is missing"),
        (|b| b["payCodeValue"] = "".into(), "payCodeValue is empty"),
        (
            |b| b["payCodeValue"] = json!(280000000000000000_u64),
            "payCodeValue must be a string, not a number",
        ),
        (
            |b| b["product"] = "CASHIER_PAYMENT".into(),
            "payCodeValue is only for PAYMENT_CODE, not for CASHIER_PAYMENT",
        ),
    ];
    refuses(&mut world, "/v1/pay", &right, table).await;
}

#[tokio::test]
async fn an_expiry_is_less_than_72_hours_ahead() {
    let mut world = World::new().await;
    let hours = 60 * 60;
    for (seconds, rule) in [
        (72 * hours - 1, None),
        (72 * hours, Some("expireAt must be less than 72 hours after the request")),
        (1, None),
        (0, Some("expireAt is not in the future")),
        (-1, Some("expireAt is not in the future")),
    ] {
        let mut body = world.order_pay(&format!("A{}", world.asked));
        body["expireAt"] = world.text_in(seconds).into();
        let answer = world.pay(&body).await;
        assert_eq!(answer["respMsg"], rule.unwrap_or("success"), "{seconds} s ahead");
    }
    for (seconds, rule) in
        [(71, None), (72, Some("expireAt must be at most 70 s after the request for PAYMENT_CODE"))]
    {
        let code = world.acquirer.wallet_code(Default::default());
        let mut body = world.code_pay(&format!("B{seconds}"), &code);
        body["expireAt"] = world.text_in(seconds).into();
        let answer = world.pay(&body).await;
        assert_eq!(answer["respMsg"], rule.unwrap_or("success"), "{seconds} s ahead");
    }
}

#[tokio::test]
async fn an_expiry_has_one_form_and_one_zone() {
    let mut world = World::new().await;
    for text in [
        "2026-11-23T12:05:00",
        "2026-11-23 12:05",
        "2026-11-23 12:05:00 ",
        "23-11-2026 12:05:00",
        "2026-11-23 12:05:60",
        "2026-11-23 24:00:00",
        "2026-11-31 12:05:00",
        "2026-11-23 12:05:00+08:00",
        "2026-11-23 2:05:00",
        "1795406700",
    ] {
        let mut body = world.order_pay("A1");
        body["expireAt"] = text.into();
        let answer = world.pay(&body).await;
        assert_eq!(answer["respMsg"], format!("expireAt {text:?} must be yyyy-mm-dd hh:mm:ss"));
    }
    let mut utc = world.order_pay("A1");
    utc["expireAt"] = "2026-11-23 04:05:00".into();
    assert_eq!(
        world.pay(&utc).await["respMsg"],
        "expireAt is not in the future",
        "five past noon, told in UTC"
    );
}

#[tokio::test]
async fn every_broken_rule_of_a_refund_is_refused_by_name() {
    let mut world = World::new().await;
    let right = json!({
        "merchantOrderId": "R1", "originalMerchantOrderId": "A1", "amount": "1.00", "currency": "HKD",
        "storeId": "S1", "terminalId": "T1", "operatorId": "O1", "reason": "cold",
    });
    let both = "originalMerchantOrderId and originalUqOrderId are both there";
    let neither = "originalMerchantOrderId is missing, and so is originalUqOrderId";
    let table: &[Broken] = &[
        (|b| without(b, "merchantOrderId"), "merchantOrderId is missing"),
        (|b| b["merchantOrderId"] = of(33), "merchantOrderId is longer than 32 characters"),
        (|b| without(b, "originalMerchantOrderId"), neither),
        (|b| b["originalMerchantOrderId"] = "".into(), neither),
        (|b| b["originalUqOrderId"] = "UQ1".into(), both),
        (
            |b| b["originalMerchantOrderId"] = "A.1".into(),
            "originalMerchantOrderId may hold only letters, digits, _ and -",
        ),
        (|b| without(b, "amount"), "amount is missing"),
        (|b| b["amount"] = "1.000".into(), "amount \"1.000\" must have exactly 2 decimals for HKD"),
        (|b| without(b, "currency"), "currency is missing"),
        (|b| without(b, "storeId"), "storeId is missing"),
        (|b| b["reason"] = of(257), "reason is longer than 256 characters"),
        (|b| b["reason"] = "a=b".into(), "reason holds a character that the signature can't carry"),
        (
            |b| b["OriginalMerchantOrderId"] = "A1".into(),
            "OriginalMerchantOrderId is unknown: it is spelt originalMerchantOrderId",
        ),
        (|b| b["product"] = "ORDER_CODE".into(), "product is unknown"),
    ];
    refuses(&mut world, "/v1/refund", &right, table).await;
    assert_eq!(world.ask("/v1/refund", &right).await["code"], "200001");
}

#[tokio::test]
async fn every_broken_rule_of_a_cancel_or_a_detail_is_refused_by_name() {
    let mut world = World::new().await;
    let cancel = json!({ "merchantOrderId": "C1", "originalMerchantOrderId": "A1", "storeId": "S1" });
    let table: &[Broken] = &[
        (|b| without(b, "merchantOrderId"), "merchantOrderId is missing"),
        (
            |b| without(b, "originalMerchantOrderId"),
            "originalMerchantOrderId is missing, and so is originalUqOrderId",
        ),
        (|b| b["originalUqOrderId"] = 1.into(), "originalUqOrderId must be a string, not a number"),
        (|b| without(b, "storeId"), "storeId is missing"),
        (|b| b["amount"] = "1.00".into(), "amount is unknown"),
    ];
    refuses(&mut world, "/v1/cancel", &cancel, table).await;
    assert_eq!(world.ask("/v1/cancel", &cancel).await["code"], "200001");

    let detail = json!({ "merchantOrderId": "A1" });
    let table: &[Broken] = &[
        (|b| without(b, "merchantOrderId"), "merchantOrderId is missing, and so is uqOrderId"),
        (|b| b["merchantOrderId"] = "".into(), "merchantOrderId is missing, and so is uqOrderId"),
        (|b| b["uqOrderId"] = "UQ1".into(), "merchantOrderId and uqOrderId are both there"),
        (|b| b["storeId"] = "S1".into(), "storeId is unknown"),
    ];
    refuses(&mut world, "/v1/detail", &detail, table).await;
    assert_eq!(world.ask("/v1/detail", &detail).await["code"], "200001");
}

#[tokio::test]
async fn what_is_longest_is_still_right() {
    let mut world = World::new().await;
    let mut body = world.order_pay(&"A".repeat(32));
    body["goods"]["description"] = "茶".repeat(256).into();
    body["storeId"] = of(64);
    body["notifyUrl"] = Value::Null;
    body["operatorId"] = "".into();
    assert_eq!(world.pay(&body).await["code"], "000000");
    assert!(world.keeps_to_the_contract());
}

#[tokio::test]
async fn a_store_that_is_not_the_clients_is_refused() {
    let mut world = World::with(|config| config.store_id = Some("S2".to_owned())).await;
    let answer = world.pay(&world.order_pay("A1")).await;
    assert_eq!(answer["respMsg"], "storeId \"S1\" isn't a store of this client");
}

#[tokio::test]
async fn a_currency_without_decimals_takes_none() {
    let mut world = World::with(|config| config.currencies.push(("JPY".to_owned(), 0))).await;
    let mut body = world.order_pay("A1");
    body["currency"] = "JPY".into();
    assert_eq!(world.pay(&body).await["respMsg"], "amount \"100.00\" must have exactly 0 decimals for JPY");
    body["amount"] = "100".into();
    assert_eq!(world.pay(&body).await["data"]["amount"], "100");
}
