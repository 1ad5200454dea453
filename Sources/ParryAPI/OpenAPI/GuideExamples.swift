/// The examples of the partner integration guide, as it shows them, and those of the deprecated enrolments
/// made like them. Tests compare them with the guide.
enum GuideExamples {
    struct Example {
        let name: String
        /// The answer schema, of answers.
        var schema = ""
        let json: String
    }

    /// By endpoint: bodies.
    static let requests: [String: [Example]] = [
        "POST /v1/organisations": [
            Example(
                name: "organisation",
                json: """
                    {"name": "Acme Fitness"}
                    """)
        ],
        "POST /v1/merchants": [
            Example(
                name: "merchant",
                json: """
                    {
                      "organisation_id": "org_abc123", "name": "Acme Fitness Main Store",
                      "type": "GENERIC", "external_id": "mid_123456789"
                    }
                    """)
        ],
        "POST /v1/integrations": [
            Example(
                name: "order feed",
                json: """
                    {
                      "organisation_id": "org_abc123", "name": "Acme Fitness Orders API",
                      "type": "CUSTOM_ORDERS", "status": "ENABLED", "merchant_ids": ["mrch_abc123"]
                    }
                    """)
        ],
        "POST /v2/enrolments": [
            Example(
                name: "Ethoca Alerts",
                json: """
                    {
                      "merchant_ids": ["mrch_abc123"], "type": "ETHOCA_ALERT",
                      "ethoca_alert": {"descriptors": [{"descriptor": "ACMEFIT", "match_type": "STARTS_WITH"}]}
                    }
                    """),
            Example(
                name: "Verifi RDR",
                json: """
                    {
                      "merchant_ids": ["mrch_abc123"], "type": "VERIFI_RDR",
                      "verifi_rdr": {"bin": "424242", "caid": "ACMEFITCAID01"}
                    }
                    """),
            Example(
                name: "Verifi RDR by ARN",
                json: """
                    {
                      "merchant_ids": ["mrch_abc123"], "type": "VERIFI_RDR",
                      "verifi_rdr": {"arns": ["74027012345678901234567"]}
                    }
                    """),
        ],
        "PATCH /v1/simulate/enrolments/{enrolment_id}": [
            Example(
                name: "enable",
                json: """
                    {"status": "ENABLED"}
                    """)
        ],
        "POST /v1/orders": [
            Example(
                name: "COMPLETE order",
                json: """
                    [
                      {
                        "type": "COMPLETE", "organisation_id": "org_abc123",
                        "integration_id": "int_abc123", "reference_id": "order-10001",
                        "order_datetime": "2026-02-17T09:59:00Z", "order_number": "AF-10001",
                        "order_subtotal_amount_in_cents": 4900, "order_currency": "USD",
                        "order_total_amount_in_cents": 4900, "order_status": "CLOSED_COMPLETE",
                        "customer_email": "casey.jordan@example.com",
                        "transactions": [
                          {
                            "reference_id": "txn-10001", "amount_in_cents": 4900, "currency": "USD",
                            "payment_method_type": "CARD", "authorisation_status": "SETTLED",
                            "payment_method_reference_id": "pay_10001",
                            "authorised_at": "2026-02-17T09:59:05Z",
                            "descriptor": "ACMEFIT MONTHLY", "payment_method_card_brand": "VISA",
                            "payment_method_card_last_4": "4242",
                            "payment_method_card_bin": "424242", "authorisation_code": "123456",
                            "acquirer_reference_number": "74027012345678901234567"
                          }
                        ]
                      }
                    ]
                    """)
        ],
        "POST /v1/simulate/alerts": [
            Example(
                name: "actionable alert",
                json: """
                    {
                      "organisation_id": "org_abc123", "enrolment_id": "enrl_ethoca123",
                      "status": "ACTION_REQUIRED", "card_scheme": "VISA", "amount_in_cents": 4900,
                      "currency_code": "USD",
                      "transaction_acquirer_reference_number": "74027012345678901234567",
                      "transaction_authorisation_code": "123456"
                    }
                    """)
        ],
        "PATCH /v1/alerts/{alert_id}": [
            Example(
                name: "refunded",
                json: """
                    {
                      "action": "REFUND",
                      "note": "Refund completed in partner platform before actioning alert."
                    }
                    """),
            Example(
                name: "not refunded",
                json: """
                    {"action": "ACCEPT_DISPUTE", "note": "Merchant chose not to refund this alert."}
                    """),
        ],
        "POST /v1/rulesets": [
            Example(
                name: "large amounts",
                json: """
                    {
                      "organisation_id": "org_abc123", "enrolment_ids": ["enrl_rdr123"],
                      "outcome": "ACCEPT_DISPUTE", "join_operator": "OR",
                      "rules": [
                        {
                          "type": "AMOUNT",
                          "parameters": {
                            "operator": "GREATER_THAN", "currency_code": "USD",
                            "amount_in_cents": 10000
                          }
                        },
                        {
                          "type": "DESCRIPTOR",
                          "parameters": {
                            "descriptors": [{"value": "ACMEFIT HIGHVALUE", "match_type": "STARTS_WITH"}]
                          }
                        }
                      ]
                    }
                    """)
        ],
        "PATCH /v1/orders/{order_id}": [
            Example(
                name: "refund",
                json: """
                    {
                      "refunds": [
                        {
                          "reference_id": "refund-10001", "amount_in_cents": 4900,
                          "currency": "USD", "status": "SUCCEEDED",
                          "original_transaction_reference_id": "txn-10001",
                          "refund_datetime": "2026-02-17T11:20:00Z"
                        }
                      ]
                    }
                    """)
        ],
        "POST /v1/enrolments": [
            Example(
                name: "Ethoca Alerts",
                json: """
                    {
                      "merchant_id": "mrch_abc123", "type": "ETHOCA_ALERT",
                      "ethoca_alert": {"descriptors": [{"descriptor": "ACMEFIT", "match_type": "STARTS_WITH"}]}
                    }
                    """)
        ],
    ]

    /// By endpoint: answers.
    static let answers: [String: [Example]] = [
        "POST /v1/organisations": [
            Example(
                name: "organisation", schema: "Organisation",
                json: """
                    {
                      "id": "org_abc123", "name": "[TEST] Acme Fitness", "mode": "TEST",
                      "created_at": "2026-02-17T10:00:00Z", "updated_at": "2026-02-17T10:00:00Z",
                      "links": [{"rel": "self", "uri": "/v1/organisations/org_abc123"}]
                    }
                    """)
        ],
        "POST /v1/merchants": [
            Example(
                name: "merchant", schema: "Merchant",
                json: """
                    {
                      "id": "mrch_abc123", "organisation_id": "org_abc123",
                      "name": "Acme Fitness Main Store", "type": "GENERIC",
                      "external_id": "mid_123456789", "default_representment_service_type": null,
                      "created_at": "2026-02-17T10:02:00Z", "updated_at": "2026-02-17T10:02:00Z",
                      "links": [{"rel": "self", "uri": "/v1/merchants/mrch_abc123"}]
                    }
                    """)
        ],
        "POST /v1/integrations": [
            Example(
                name: "order feed", schema: "Integration",
                json: """
                    {
                      "id": "int_abc123", "organisation_id": "org_abc123",
                      "name": "Acme Fitness Orders API", "type": "CUSTOM_ORDERS",
                      "status": "ENABLED", "merchant_ids": ["mrch_abc123"],
                      "links": [{"rel": "self", "uri": "/v1/integrations/int_abc123"}]
                    }
                    """)
        ],
        "POST /v2/enrolments": [
            Example(
                name: "Ethoca Alerts", schema: "Enrolment",
                json: """
                    {
                      "id": "enrl_ethoca123", "organisation_id": "org_abc123",
                      "merchant_ids": ["mrch_abc123"], "type": "ETHOCA_ALERT", "status": "PENDING",
                      "ethoca_alert": {
                        "descriptors": [
                          {
                            "descriptor": "ACMEFIT", "match_type": "STARTS_WITH",
                            "status": "PENDING"
                          }
                        ]
                      },
                      "created_at": "2026-02-17T10:03:00Z", "updated_at": "2026-02-17T10:03:00Z",
                      "note": null,
                      "links": [{"rel": "self", "uri": "/v2/enrolments/enrl_ethoca123"}]
                    }
                    """),
            Example(
                name: "Verifi RDR", schema: "Enrolment",
                json: """
                    {
                      "id": "enrl_rdr123", "organisation_id": "org_abc123",
                      "merchant_ids": ["mrch_abc123"], "type": "VERIFI_RDR", "status": "PENDING",
                      "verifi_rdr": {"bin": "424242", "caid": "ACMEFITCAID01", "arns": null},
                      "created_at": "2026-02-17T10:04:00Z", "updated_at": "2026-02-17T10:04:00Z",
                      "note": null, "links": [{"rel": "self", "uri": "/v2/enrolments/enrl_rdr123"}]
                    }
                    """),
        ],
        "POST /v1/orders": [
            Example(
                name: "all stored", schema: "OrderBatchResult",
                json: """
                    {
                      "created": 1, "failed": 0,
                      "results": [
                        {
                          "id": "ord_abc123", "reference_id": "order-10001", "type": "COMPLETE",
                          "organisation_id": "org_abc123", "integration_id": "int_abc123",
                          "created_at": "2026-02-17T10:05:00Z",
                          "transactions": [
                            {
                              "reference_id": "txn-10001", "amount_in_cents": 4900,
                              "currency": "USD", "payment_method_type": "CARD",
                              "authorisation_status": "SETTLED",
                              "payment_method_reference_id": "pay_10001",
                              "authorised_at": "2026-02-17T09:59:05Z",
                              "payment_method_card_brand": "VISA",
                              "payment_method_card_last_4": "4242",
                              "payment_method_card_bin": "424242", "authorisation_code": "123456",
                              "acquirer_reference_number": "74027012345678901234567"
                            }
                          ],
                          "links": [{"rel": "self", "uri": "/v1/orders/ord_abc123"}]
                        }
                      ],
                      "errors": []
                    }
                    """)
        ],
        "POST /v1/simulate/alerts": [
            Example(
                name: "to be decided", schema: "Alert",
                json: """
                    {
                      "id": "netalrt_abc123", "alert_network_id": "SIM123456",
                      "organisation_id": "org_abc123", "merchant_id": "mrch_abc123",
                      "enrolment_id": "enrl_ethoca123", "enrolment_type": "ETHOCA_ALERT",
                      "status": "ACTION_REQUIRED", "transaction_amount_in_cents": 4900,
                      "transaction_currency_code": "USD",
                      "transaction_authorised_at": "2026-02-10T10:30:00Z",
                      "action_required_deadline": "2026-02-19T10:30:00Z",
                      "transaction_authorisation_code": "123456",
                      "transaction_acquirer_reference_number": "74027012345678901234567",
                      "transaction_statement_descriptor": "ACMEFIT",
                      "transaction_card_bin": "400000", "transaction_card_last4": "1234",
                      "transaction_card_scheme": "VISA",
                      "transaction_card_issuer": "Bank of America",
                      "transaction_refund_outcome": null, "subscription_cancel_outcome": null,
                      "note": null, "integration_id": null, "integration_transaction_id": null
                    }
                    """)
        ],
        "PATCH /v1/alerts/{alert_id}": [
            Example(
                name: "refunded", schema: "Alert",
                json: """
                    {
                      "id": "netalrt_abc123", "organisation_id": "org_abc123",
                      "merchant_id": "mrch_abc123", "enrolment_id": "enrl_ethoca123",
                      "enrolment_type": "ETHOCA_ALERT", "status": "RESOLVED",
                      "transaction_refund_outcome": "REFUNDED",
                      "note": "Refund completed in partner platform before actioning alert.",
                      "links": [{"rel": "self", "uri": "/v1/alerts/netalrt_abc123"}]
                    }
                    """)
        ],
        "POST /v1/rulesets": [
            Example(
                name: "large amounts", schema: "Ruleset",
                json: """
                    {
                      "id": "rset_abc123", "organisation_id": "org_abc123",
                      "enrolment_ids": ["enrl_rdr123"], "outcome": "ACCEPT_DISPUTE",
                      "join_operator": "OR",
                      "rules": [
                        {
                          "id": "resrule_amount123", "type": "AMOUNT",
                          "parameters": {
                            "operator": "GREATER_THAN", "currency_code": "USD",
                            "amount_in_cents": 10000
                          },
                          "created_at": "2026-02-17T10:10:00Z", "updated_at": "2026-02-17T10:10:00Z"
                        },
                        {
                          "id": "resrule_descriptor123", "type": "DESCRIPTOR",
                          "parameters": {
                            "descriptors": [{"value": "ACMEFIT HIGHVALUE", "match_type": "STARTS_WITH"}]
                          },
                          "created_at": "2026-02-17T10:10:00Z", "updated_at": "2026-02-17T10:10:00Z"
                        }
                      ],
                      "created_at": "2026-02-17T10:10:00Z", "updated_at": "2026-02-17T10:10:00Z"
                    }
                    """)
        ],
        "POST /v1/enrolments": [
            Example(
                name: "Ethoca Alerts", schema: "EnrolmentV1",
                json: """
                    {
                      "id": "enrl_ethoca123", "organisation_id": "org_abc123",
                      "merchant_id": "mrch_abc123", "type": "ETHOCA_ALERT", "status": "PENDING",
                      "ethoca_alert": {
                        "descriptors": [
                          {
                            "descriptor": "ACMEFIT", "match_type": "STARTS_WITH",
                            "status": "PENDING"
                          }
                        ]
                      },
                      "created_at": "2026-02-17T10:03:00Z", "updated_at": "2026-02-17T10:03:00Z",
                      "note": null,
                      "links": [{"rel": "self", "uri": "/v1/enrolments/enrl_ethoca123"}]
                    }
                    """)
        ],
    ]
}
