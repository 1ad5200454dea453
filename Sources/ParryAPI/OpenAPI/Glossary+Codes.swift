extension Glossary {
    static let introduction = """
        Parry takes in chargeback alerts of the card networks (Ethoca Alerts and Verifi RDR) for its \
        partners' merchants. Open an organisation with merchants and an order feed, enrol the merchants, \
        upload orders, and action alerts before their deadline.

        Send an API key as `Authorization: Bearer <api_key>`. Keys belong to a TEST or a LIVE account and \
        see nothing of the other. What a key may not see is 404, like what is not there.

        Money is an integer in the currency's minor unit. Times are UTC; other zones are taken and \
        converted. Members that are not documented are ignored. Every path works with and without a \
        slash at its end.

        An error has a `code` for programs and a `message` for people. A key may send 100 requests a minute \
        to each endpoint, unless the operator chose another number; after 429 wait `Retry-After` seconds. \
        A POST with an `Idempotency-Key` can be sent again safely.
        """

    static let tagText = """
        organisations | Your customers, one organisation each.
        merchants | An organisation's merchant accounts.
        memberships | Who of an organisation's people may log in.
        integrations | Where an organisation's orders come from.
        enrolments | Merchants enrolled in the networks' alert programmes.
        orders | What was sold, with the identifiers that alerts are matched by.
        alerts | Disputes that are not yet chargebacks.
        rulesets | What is decided without people.
        refund_intents | Questions before money moves: nothing is refunded twice.
        scheme_notices | The card schemes' reports of fraud and disputes.
        lookups | Issuers' questions for order data.
        webhook_endpoints | Where events are sent.
        events | What happened, as it is sent.
        webhook_deliveries | What became of sending it.
        webhook_redeliveries | Sending much of it again.
        simulate | Events of the networks, made up for TEST accounts.
        """

    static let codeText = """
        INVALID_REQUEST | The body is no JSON, or a query value cannot be read. Correct it; the message says where.
        UNAUTHORISED | The key is missing, wrong, expired or revoked, or the endpoint takes partner keys only.
        FORBIDDEN | The key lacks the ability, or may not do this.
        NOT_FOUND | There is no such resource, or the key may not see it.
        PAYLOAD_TOO_LARGE | The body has more than 5 MiB. Send smaller batches.
        UNSUPPORTED_MEDIA_TYPE | Send JSON, with Content-Type: application/json.
        VALIDATION_ERROR | Fields or query values are not as documented; nothing was processed. See errors.
        CARD_NUMBER_REJECTED | A text holds a full card number. Never send one.
        IDEMPOTENCY_KEY_REUSED | The Idempotency-Key came with another body within 24 hours. Use another key.
        RATE_LIMITED | Too many requests. Wait Retry-After seconds, then back off exponentially.
        INTERNAL_ERROR | A defect on our side. Report the X-Request-Id.
        UNAVAILABLE | The database cannot take the request; nothing was stored. Send it again after Retry-After seconds.
        OUTCOME_UNKNOWN | The database broke off in the commit. Look for the result, or send it again with the same Idempotency-Key.
        ORGANISATION_DELETION_RESTRICTED | The organisation still has merchants. Delete them first.
        MERCHANT_TYPE_CHANGE_RESTRICTED | An integration or enrolment names the merchant. Create another one.
        MERCHANT_DELETION_RESTRICTED | The merchant has an integration, an alert, or an enrolment that has not ended.
        MEMBERSHIP_ALREADY_EXISTS | The organisation has a member with this e-mail address. Change that membership.
        UNSUPPORTED_INTEGRATION_TYPE | Only CUSTOM_ORDERS integrations are made and changed here. Ask the operator for others.
        DUPLICATE_MERCHANT_IDS | merchant_ids names one twice. Send each id once.
        MERCHANTS_DIFFERENT_ORGANISATIONS | The merchants are not all of one organisation. Send one request for each.
        MISSING_ETHOCA_ALERT_CONFIG | ethoca_alert is not there.
        MISSING_VERIFI_RDR_CONFIG | verifi_rdr is not there.
        INVALID_MATCH_TYPE | match_type is neither STARTS_WITH nor EXACT_MATCH.
        INVALID_VERIFI_RDR_CONFIG | verifi_rdr needs either bin and caid, or arns, in their forms.
        ETHOCA_ALERT_ENROLLMENT_ERROR | Another enrolment of yours that has not ended holds the descriptor (LIVE only).
        VERIFI_RDR_ENROLLMENT_ERROR | Another enrolment of yours that has not ended holds the BIN and CAID or an ARN (LIVE only).
        ENROLMENT_NOT_PENDING | Only a PENDING enrolment can be cancelled.
        MISSING_FIELD | A required field is not there. Send it with a value.
        DUPLICATE_TRANSACTION | The transaction's reference_id is used by another transaction of the integration.
        INVALID_REFERENCE | A reference names nothing in this order.
        IMMUTABLE_FIELD | The field cannot change. Leave it out, or send its stored value.
        ORDER_TOO_LARGE | The order's document would have more than 128 KiB.
        ALREADY_REFUNDED | The network refunded the transaction already (Verifi RDR). Do not refund it again.
        REFUND_CURRENCY_DIFFERS | The transaction is in another currency. Ask for the amount in that one.
        TRANSACTION_AMOUNT_UNKNOWN | The stored transaction has no amount and currency. Add them to the order first.
        REFUND_INTENT_ENDED | The refund intent was committed or released before. Ask with a new one.
        REFUND_REFERENCE_TAKEN | Another intent of the transaction is committed with this reference.
        CLOCK_NOT_FORWARD | A test clock only goes forward, and it shows a later time.
        CLOCK_TOO_FAR | A test clock can be ten years ahead at most.
        ENROLMENT_ALREADY_HAS_RULESET | Another ruleset decides for one of the enrolments.
        ENROLMENTS_DIFFERENT_TYPES | The enrolments are not all of one type. Make one ruleset for each.
        ENROLMENTS_DIFFERENT_ORGANISATIONS | An enrolment is of another organisation than the ruleset's.
        DUPLICATE_ENROLMENT_IDS | enrolment_ids names one twice. Send each id once.
        DUPLICATE_RULE_TYPE | The ruleset would have two rules of one type. Change the one that is there.
        INVALID_RULE_PARAMETERS | parameters lacks what the type needs, or has an unknown word.
        UNSUPPORTED_RULE_CURRENCY | An AMOUNT rule compares in USD.
        UNSUPPORTED_RULE_TYPE | Rules are of type AMOUNT or DESCRIPTOR.
        UNSUPPORTED_OUTCOME | VERIFI_RDR knows no CANCEL. Use REFUND or ACCEPT_DISPUTE.
        UNSUPPORTED_ENROLMENT | A VERIFI_RDR enrolment by ARNs takes no ruleset. Enrol it by bin and caid.
        RULES_NOT_UPDATABLE | Rules are changed at their own endpoints.
        ALERT_NOT_ACTIONABLE | Only an ETHOCA_ALERT alert that is ACTION_REQUIRED can be actioned. Read it again.
        ALERT_DEADLINE_PASSED | The alert's deadline has passed; the network takes no outcome any more.
        INVALID_ACTION | action is none of REFUND, CANCEL, REFUND_AND_CANCEL, ACCEPT_DISPUTE.
        ACTION_NOT_SUPPORTED | The organisation is not set up for cancellations. Cancel yourself and send REFUND or ACCEPT_DISPUTE.
        ORGANISATION_NOT_TEST_MODE | Simulations work for organisations of a TEST account only.
        ENROLMENT_NOT_ENABLED | The enrolment is not ENABLED. Enable it by its simulation first.
        ENROLMENT_ORGANISATION_MISMATCH | The enrolment belongs to another organisation than organisation_id.
        INVALID_STATUS_FOR_ENROLMENT_TYPE | VERIFI_RDR alerts arrive decided. Use RESOLVED or INVALID.
        INVALID_STATUS_TRANSITION | The enrolment has ended for good. Create another one.
        TOO_MANY_WEBHOOK_ENDPOINTS | The organisation, or the partner itself, has 100 webhook endpoints. Delete one first.
        DELIVERY_EXPIRED | It is older than what is kept; the message says for how long. Read the resource itself.
        CURSOR_EXPIRED | Events behind the cursor are gone. Go on with after=oldest.
        """
}
