extension Glossary {
    static let memberText = """
        id | The resource's id. | "org_abc123"
        Organisation.id | The organisation's id. | "org_abc123"
        Merchant.id | The merchant's id. | "mrch_abc123"
        Membership.id | The membership's id. | "mem_abc123"
        Integration.id | The integration's id. | "int_abc123"
        Enrolment.id | The enrolment's id. | "enrl_ethoca123"
        EnrolmentV1.id | The enrolment's id. | "enrl_ethoca123"
        Order.id | The order's id. | "ord_abc123"
        OrderReceipt.id | The order's id. | "ord_abc123"
        Alert.id | The alert's id. | "netalrt_abc123"
        Ruleset.id | The ruleset's id. | "rset_abc123"
        Rule.id | The rule's id. | "resrule_amount123"
        SchemeNotice.id | The scheme notice's id. | "schntc_abc123"
        Lookup.id | The lookup's id. | "lkp_abc123"
        organisation_id | The organisation that it belongs to. | "org_abc123"
        merchant_id | The merchant that it is about. | "mrch_abc123"
        merchant_ids | The merchants that it is for, all of one organisation; each once. | ["mrch_abc123"]
        integration_id | The order feed or processor connection. | "int_abc123"
        Alert.integration_id | The integration of the transaction that the alert was matched to; null without a match. | null
        enrolment_id | The enrolment that it came through. | "enrl_ethoca123"
        enrolment_ids | The enrolments that the ruleset decides for: of one organisation and one type. | ["enrl_rdr123"]
        enrollment_id | The enrolment; spelt as here. | "enrl_rdr123"
        order_id | The stored order; with DUPLICATE_ORDER only. | "ord_abc123"
        path.order_id | The order's id, never its reference. | "ord_abc123"
        user_id | The user, who may have memberships in several organisations. | "usr_abc123"
        parent_lookup_id | The lookup that this one follows. | null
        membership_id | The membership's id. | "mem_abc123"
        alert_id | The alert's id. | "netalrt_abc123"
        ruleset_id | The ruleset's id. | "rset_abc123"
        rule_id | The rule's id. | "resrule_amount123"
        scheme_notice_id | The scheme notice's id. | "schntc_abc123"
        lookup_id | The lookup's id. | "lkp_abc123"
        created_at | When it was made. | "2026-02-17T10:05:00Z"
        updated_at | When it last changed. | "2026-02-17T10:05:00Z"
        links | Where the resource is: a relative URI. | []
        rel | What the link is: `self`. | "self"
        uri | The path on this host. | "/v1/orders/ord_abc123"
        items | The page. | []
        count | How many there are in all, whatever `limit` and `offset`. | 1
        limit | Page size. | 100
        offset | How many to skip. | 0
        sort | The field to sort by; with `-` in front the greatest comes first. | "-created_at"
        created_at_gte | Made at this time or later. | "2026-02-17T00:00:00Z"
        created_at_lte | Made at this time or earlier. | "2026-02-17T23:59:59Z"
        alert_received_at_gte | Received at this time or later. | "2026-02-17T00:00:00Z"
        alert_received_at_lte | Received at this time or earlier. | "2026-02-17T23:59:59Z"
        reported_at_gte | Reported at this time or later. | "2026-02-17T00:00:00Z"
        reported_at_lte | Reported at this time or earlier. | "2026-02-17T23:59:59Z"
        query.organisation_id | Only those of this organisation. | "org_abc123"
        query.merchant_id | Only those of this merchant. | "mrch_abc123"
        query.integration_id | Only those of this integration. | "int_abc123"
        query.enrollment_id | Only those of this enrolment. | "enrl_rdr123"
        query.parent_lookup_id | Only those that follow this lookup. | "lkp_abc123"
        query.name | Only those whose name contains this, whatever the case. | "acme"
        query.external_id | Only those with this id of yours, exactly. | "mid_123456789"
        query.reference_id | Only those with this reference, exactly. | "order-10001"
        code | What is wrong, for programs: stable. | "VALIDATION_ERROR"
        message | What is wrong and what to do, for people. | "Correct the fields listed in errors."
        errors | One entry for each bad field; with VALIDATION_ERROR only. | []
        OrderBatchResult.errors | One entry for each order that was refused, in the order sent. | []
        field | The path of the field, such as `[0].transactions[1].currency`. | "name"
        OrderError.field | The path inside the order, such as `transactions[0].currency`; null when no single field is wrong. | "order_number"
        name | Its name. | "Acme Fitness"
        Merchant.name | The merchant's name. | "Acme Fitness Main Store"
        MerchantCreate.name | The merchant's name. | "Acme Fitness Main Store"
        MerchantUpdate.name | The merchant's name. | "Acme Fitness Main Store"
        Integration.name | The feed's name. | "Acme Fitness Orders API"
        IntegrationCreate.name | The feed's name. | "Acme Fitness Orders API"
        IntegrationUpdate.name | The feed's name. | "Acme Fitness Orders API"
        mode | TEST or LIVE, as the account is. | "TEST"
        type | Its kind. | "GENERIC"
        Integration.type | Where the orders come from. | "CUSTOM_ORDERS"
        IntegrationCreate.type | Only feeds of your own can be made here. | "CUSTOM_ORDERS"
        Enrolment.type | The alert product. | "ETHOCA_ALERT"
        EnrolmentV1.type | The alert product. | "ETHOCA_ALERT"
        EthocaAlertEnrolmentCreate.type | The alert product. | "ETHOCA_ALERT"
        VerifiRDREnrolmentCreate.type | The alert product. | "VERIFI_RDR"
        EthocaAlertEnrolmentCreateV1.type | The alert product. | "ETHOCA_ALERT"
        VerifiRDREnrolmentCreateV1.type | The alert product. | "VERIFI_RDR"
        Order.type | COMPLETE for an order of your own feed, PARTIAL to enrich a processor's transaction. | "COMPLETE"
        OrderCreate.type | COMPLETE for an order of your own feed, PARTIAL to enrich a processor's transaction. | "COMPLETE"
        OrderUpdate.type | May be repeated, cannot change. | "COMPLETE"
        OrderReceipt.type | As sent. | "COMPLETE"
        Rule.type | What the rule looks at; a ruleset has at most one rule of each type. | "AMOUNT"
        RuleCreate.type | What the rule looks at; a ruleset has at most one rule of each type. | "AMOUNT"
        RuleUpdate.type | What the rule looks at. | "AMOUNT"
        Lookup.type | The programme that asked. | "ORDER_INSIGHT"
        LookupSimulation.type | The programme that asks; ORDER_INSIGHT unless given. | "ORDER_INSIGHT"
        status | Its state. | "ENABLED"
        Integration.status | DISABLED feeds take no orders. | "ENABLED"
        IntegrationCreate.status | DISABLED feeds take no orders; ENABLED unless given. | "ENABLED"
        IntegrationUpdate.status | DISABLED feeds take no orders. | "ENABLED"
        Enrolment.status | Alerts may arrive only while it is ENABLED. | "PENDING"
        EnrolmentV1.status | Alerts may arrive only while it is ENABLED. | "PENDING"
        EnrolledDescriptor.status | The state of this descriptor at the network. | "PENDING"
        EnrolmentSimulation.status | The state to take on. | "ENABLED"
        Alert.status | ACTION_REQUIRED until it is decided; INVALID when it need not be. | "ACTION_REQUIRED"
        AlertMatch.decision | What the enrolment's ruleset decided when the alert came; left out where there was none. | null
        ruleset_version | The ruleset's version at that time. | 3
        AlertDecision.outcome | What the ruleset decided; null when it did not hold. | "ACCEPT_DISPUTE"
        is_carried_out | Whether the platform did so; false for a recommendation, because it moves no money. | true
        AlertDecision.rules | What each rule found. | []
        holds | Whether the rule holds. | true
        RuleFinding.amount_in_cents | What an AMOUNT rule compared, in US cents. | 4900
        RuleFinding.descriptor | What a DESCRIPTOR rule compared. | "ACMEFIT MONTHLY"
        obstacle | Why a rule had nothing to compare: NOT_TOLD, or NO_RATE for want of an exchange rate. | null
        match | Whether the alert is matched and judged like one from the network; beyond the original. | true
        AlertSimulation.transaction_card_bin | 400000 unless given; unknown with `match`. | "424242"
        AlertSimulation.transaction_card_last4 | 1234 unless given; unknown with `match`. | "4242"
        AlertSimulation.transaction_authorised_at | Seven days ago unless given; unknown to the matching with `match`. | "2026-02-17T09:59:05Z"
        AlertSimulation.transaction_statement_descriptor | The enrolment's first descriptor unless given; unknown with `match`. | "ACMEFIT MONTHLY"
        AlertSimulation.status | ACTION_REQUIRED for ETHOCA_ALERT and RESOLVED for VERIFI_RDR unless given. | "ACTION_REQUIRED"
        external_id | Your own id of the merchant: MID, CAID or account at the processor. | "mid_123456789"
        default_representment_service_type | What the merchant sells, for representments. | null
        MerchantUpdate.default_representment_service_type | What the merchant sells, for representments. | "ONLINE_SERVICES"
        MerchantCreate.default_representment_service_type | What the merchant sells, for representments. | "ONLINE_SERVICES"
        first_name | The member's first name. | "Casey"
        last_name | The member's last name. | "Jordan"
        email | The member's e-mail address; it names the user. | "casey.jordan@example.com"
        role | ADMIN manages the organisation, STANDARD works in it. | "STANDARD"
        is_alert_action_required_email_enabled | Whether an alert that needs a decision is mailed; true unless given. | true
        is_alert_resolved_email_enabled | Whether a resolved alert is mailed; true unless given. | true
        is_alert_dismissed_email_enabled | Whether an alert found invalid is mailed; true unless given. | true
        is_evidence_requested_email_enabled | Whether a request for evidence is mailed; true unless given. | true
        ethoca_alert | The configuration of an ETHOCA_ALERT enrolment. | null
        verifi_rdr | The configuration of a VERIFI_RDR enrolment: `bin` and `caid`, or `arns`. | null
        descriptors | Billing descriptors; one that matches is enough. | []
        descriptor | The billing descriptor, or its beginning. | "ACMEFIT"
        match_type | How it is compared with the descriptor of a transaction. | "STARTS_WITH"
        bin | The acquirer's BIN at Visa, 6 to 8 digits; together with `caid`. | "424242"
        caid | The merchant's card acceptor id at the acquirer, 1 to 16 letters and digits; together with `bin`. | "ACMEFITCAID01"
        arns | Acquirer reference numbers of recent Visa transactions, 23 digits each, from which Visa finds BIN and CAID. | null
        VerifiRDRConfiguration.arns | Acquirer reference numbers of recent Visa transactions, 23 digits each, in place of `bin` and `caid`. | ["74027012345678901234567"]
        note | What people should know; null for none. | null
        AlertUpdate.note | A note for people; null clears it. | "Refund completed in partner platform before actioning alert."
        action | What was decided. REFUND says that you refunded; the platform moves no money. | "REFUND"
        alert_network_id | The alert's id at the network; `SIM…` when simulated. | "SIM123456"
        enrolment_type | The alert product. | "ETHOCA_ALERT"
        card_scheme | VISA for VERIFI_RDR and MASTERCARD for ETHOCA_ALERT unless given. | "VISA"
        amount_in_cents | The amount in the currency's minor unit. | 4900
        AlertSimulation.amount_in_cents | The disputed amount in the currency's minor unit; 10000 unless given. | 4900
        AmountParameters.amount_in_cents | The amount to compare with, in US cents. | 10000
        RuleParameters.amount_in_cents | The amount to compare with, in US cents. | 10000
        currency_code | The currency, ISO 4217; USD unless given. | "USD"
        AmountParameters.currency_code | USD: other amounts are converted. | "USD"
        RuleParameters.currency_code | `USD`: other amounts are converted. | "USD"
        transaction_amount_in_cents | The disputed amount in the currency's minor unit. | 4900
        transaction_currency_code | Its currency, ISO 4217. | "USD"
        transaction_authorised_at | When the payment was authorised. | "2026-02-10T10:30:00Z"
        transaction_authorisation_code | The issuer's authorisation code. | "123456"
        transaction_acquirer_reference_number | The ARN, 23 digits: the strongest identifier. | "74027012345678901234567"
        transaction_statement_descriptor | What the cardholder reads on the statement. | "ACMEFIT"
        transaction_card_bin | The first digits of the card number. | "400000"
        transaction_card_last4 | The last four digits of the card number. | "1234"
        transaction_card_scheme | The card's brand. | "VISA"
        transaction_card_issuer | The cardholder's bank. | "Bank of America"
        transaction_refund_outcome | Whether the cardholder has the money back; null while undecided. | null
        transaction_original_date | When the payment was made. | "2026-02-10T10:30:00Z"
        transaction_merchant_name | The merchant as the scheme knows it. | "ACMEFIT"
        transaction_merchant_id | The merchant's id at the acquirer. | "ACMEFITCAID01"
        subscription_cancel_outcome | What became of the subscription; null when nothing was tried. | null
        action_required_deadline | Until when an action counts; null when none is possible. | "2026-02-19T10:30:00Z"
        integration_transaction_id | The matched transaction's own id: your reference, or the processor's. | null
        alert_received_at | When the network raised it. | "2026-02-17T10:30:00Z"
        outcome | What the ruleset decides when its rules hold. | "ACCEPT_DISPUTE"
        join_operator | Whether all rules have to hold, or one. | "OR"
        is_enabled | Whether the ruleset decides at all; true unless given. | true
        rules | The rules, in the order in which they were made. | []
        RulesetCreate.rules | The first rules. | []
        parameters | What the rule compares with; it follows from `type`. | {"operator":"GREATER_THAN","currency_code":"USD","amount_in_cents":10000}
        Ruleset.version | Counts the changes of the ruleset; decisions tell by which it was. | 3
        published_version | The version that the network confirmed for every enrolment; null for none, and for ETHOCA_ALERT. | 2
        publication_status | Whether the network has the ruleset as it is saved; null for ETHOCA_ALERT. Cases are decided by the saved one all the same. | "PENDING"
        from | The time of the first alerts. | "2026-01-01T00:00:00Z"
        to | The time of the last alerts. | "2026-02-17T23:59:59Z"
        alert_count | How many alerts. | 120
        invalid_count | How many alerts were left out because they are INVALID. | 4
        outcomes | How often the ruleset held, and how often it did not. | []
        BacktestOutcome.outcome | What the ruleset decided; null where it did not hold. | "ACCEPT_DISPUTE"
        money | Their amounts, by currency. | []
        RulesetBacktestResult.rules | How often each rule held. | []
        BacktestRule.type | What the rule looks at. | "AMOUNT"
        held_count | How often the rule held. | 37
        blocked_count | How often it had nothing to compare. | 0
        flip_count | How many would have ended otherwise than they did. | 12
        flips | The first 100 of these, the oldest first. | []
        BacktestFlip.outcome | What the ruleset decided; null where it did not hold. | "ACCEPT_DISPUTE"
        was | What became of it. | "REFUNDED"
        would_be | What would have become of it. | "NOT_REFUNDED"
        RefundIntent.id | The intent's id. | "rfi_abc123"
        refund_intent_id | The intent's id. | "rfi_abc123"
        RefundIntent.status | RESERVED until it is committed or released, or EXPIRED. | "RESERVED"
        RefundIntentAnswer.outcome | Whether the refund is safe. | "SAFE"
        refund_intent | The reservation, without links; with SAFE only. | {"id":"rfi_abc123","status":"RESERVED"}
        transaction_reference_id | The transaction's reference in its integration. | "txn_2026_000123"
        RefundIntentAnswer.transaction_amount_in_cents | The transaction's amount. | 4900
        refunded_in_cents | What is recorded, each refund once. | 0
        in_flight_in_cents | What else is on its way. | 0
        remaining_in_cents | What may still be refunded, with nothing else on its way. | 4900
        RefundIntentAnswer.refunds | The refunds that are known, as they were told. | []
        source | Who told of it: the ORDER, an INTENT, the NETWORK, or an alert's ACTION. | "NETWORK"
        KnownRefund.alert_id | The alert that it was made for; null for others. | "netalrt_abc123"
        KnownRefund.amount_in_cents | The amount; null where it is not known in the transaction's currency, which counts as all of it. | 4900
        KnownRefund.refund_reference_id | Your reference of the refund; null for those of alerts. | null
        RefundIntent.refund_reference_id | Your reference of the refund; null before it is committed. | null
        RefundIntentCommit.refund_reference_id | Your reference of the refund, as the order will tell it. | "refund-10001"
        refunded_at | When it was made; null where nobody said. | "2026-02-17T10:30:00Z"
        RefundIntent.expires_at | When the reservation ends by itself. | "2026-02-17T10:45:00Z"
        expires_in_seconds | After how many seconds the reservation ends by itself; 900 unless given. | 900
        query.transaction_reference_id | Only those of this transaction. | "txn_2026_000123"
        TestClock.organisation_id | The organisation whose clock it is. | "org_abc123"
        now | What the clock shows. | "2026-02-19T10:30:00Z"
        advanced_seconds | How far it is ahead of the real time. | 172800
        advance_seconds | By how many seconds to set it forward. | 172800
        set_to | The time to set it to, no earlier than it shows. | "2026-02-19T10:30:00Z"
        force | Takes the refund although the network made one already; beyond the original. | false
        AlertUpdate.needs_attention | `false` takes the alert off the list of those that somebody has to look at; beyond the original. | false
        query.needs_attention | Only those that somebody has to look at, or only the others. | "true"
        attention | Why somebody has to look at it; left out of other alerts. Beyond the original. | {"reason":"CASE_DELETED","since":"2026-02-17T10:30:00Z"}
        reason | What happened that does not agree with what was decided. | "CASE_DELETED"
        since | Since when. | "2026-02-17T10:30:00Z"
        operator | How the amount is compared. | "GREATER_THAN"
        RuleParameters.operator | How the amount is compared: `GREATER_THAN`, `GREATER_THAN_OR_EQUAL`, `LESS_THAN`, `LESS_THAN_OR_EQUAL`, `EQUAL` or `NOT_EQUAL`; for AMOUNT. | "GREATER_THAN"
        RuleDescriptor.match_type | `STARTS_WITH` or `EXACT_MATCH`. | "STARTS_WITH"
        RuleParameters.descriptors | One that matches is enough; for DESCRIPTOR. | []
        value | A billing descriptor or its beginning. | "ACMEFIT HIGHVALUE"
        scheme_notice_type | The scheme's report: TC40 and SAFE tell of fraud, TC15 of disputes. | "TC40"
        SchemeNoticeSimulation.scheme_notice_type | The scheme's report; TC40 unless given. | "TC40"
        notice_type | What it is about. | "FRAUD_NOTICE"
        scheme | Whose report it is. | "VISA"
        reported_at | When the scheme reported it; now unless given. | "2026-02-17T10:30:00Z"
        fraud_reported_at | When fraud was reported; null for a dispute. | "2026-02-17T10:30:00Z"
        fraud_type | The scheme's word for the kind of fraud. | "6"
        url | Where events are sent: `https`, with a host name or address that is not private. | "https://hooks.example.com/parry"
        event_types | The events that it gets. | ["alert.created", "alert.updated"]
        is_paused | Whether nothing is sent to it until it is resumed; what it would get waits. | false
        WebhookEndpoint.id | The endpoint's id. | "whe_abc123"
        WebhookEndpointWithSecret.id | The endpoint's id. | "whe_abc123"
        WebhookEndpoint.organisation_id | Whose events it gets; null for those of all organisations of the partner. | null
        WebhookEndpointWithSecret.organisation_id | Whose events it gets; null for those of all organisations of the partner. | null
        WebhookEndpointCreate.organisation_id | Whose events it gets; without it those of all organisations of the partner. | "org_abc123"
        secret | What `X-Signature` is made with; shown in this answer only. | "whsec_J8uC0Yp2"
        overlap_hours | Hours in which the former secret signs too; 24 unless given. | 24
        webhook_endpoint_id | The endpoint. | "whe_abc123"
        webhook_delivery_id | The delivery's id. | "whd_abc123"
        event_id | The event. | "evt_abc123"
        Event.id | The event's id; receivers know a repeat by it. | "evt_abc123"
        Event.type | What happened. | "enrolment.updated"
        data | The resource, and what changed. | {"object":{"id":"enrl_rdr123","status":"ENABLED"},"previous_attributes":{"status":"PENDING"}}
        object | The resource after the change, without links. | {"id":"enrl_rdr123","status":"ENABLED"}
        previous_attributes | The members that changed, with their old values; of updates only. | {"status":"PENDING"}
        api_version | The version of the API whose shape the resource has. | "v2"
        object_id | Only those about this resource. | "enrl_rdr123"
        WebhookDelivery.id | The delivery's id, which `X-Idempotency-Key` carries. | "whd_abc123"
        WebhookDeliveryWithAttempts.id | The delivery's id, which `X-Idempotency-Key` carries. | "whd_abc123"
        state | What became of it. | "DELIVERED"
        attempt_count | How many tries have ended since it was last sent from the start of the schedule. | 1
        next_attempt_at | When it is tried next; null when it is not, or while the endpoint is paused. | null
        attempts | The tries that ended, oldest first. | []
        started_at | When it began. | "2026-02-17T10:30:01Z"
        duration_in_ms | How long it took, in milliseconds. | 42
        status_code | What the receiver answered; null without an answer. | 200
        error | Why there was no answer. | null
        ip_address | What was connected to; null when it did not come to that. | "203.0.113.7"
        response_body | The beginning of the answer, 1 KiB at most. | "ok"
        is_success | Whether the receiver took it. | true
        after | Makes the list a feed: `oldest`, `latest`, or the `next_cursor` of an answer. | "oldest"
        next_cursor | Where to go on, for `after`; in a feed only. | "cur_1111111113M8rFNgvq2QWd"
        has_more | Whether there is more behind it now; in a feed only. | false
        webhook_redelivery_id | The redelivery's id. | "whr_abc123"
        WebhookRedelivery.id | The redelivery's id. | "whr_abc123"
        states | How deliveries have to have ended to be sent again; those that failed unless given. | ["FAILED"]
        WebhookRedelivery.status | Whether there is more to do. | "COMPLETED"
        WebhookRedelivery.created_at_gte | The first event's time at the earliest. | "2026-02-17T10:00:00Z"
        WebhookRedelivery.created_at_lte | The last event's time at the latest. | "2026-02-17T12:00:00Z"
        WebhookRedeliveryCreate.created_at_gte | The first event's time at the earliest; of all that is kept unless given. | "2026-02-17T10:00:00Z"
        WebhookRedeliveryCreate.created_at_lte | The last event's time at the latest; now unless given. | "2026-02-17T12:00:00Z"
        requested_by | The API key that asked for it, or `operator`. | "key_abc123"
        redelivered_count | How many are due again, so far. | 12
        AlertMatch.outcome | What became of the search for the alert's transaction. | "MATCHED"
        confidence | How sure the match is; null without one. | "HIGH"
        is_set_by_hand | Whether a person chose the transaction, or none. | false
        judged_at | When it was looked for last; null when it never was. | "2026-02-17T10:30:00Z"
        flags | What a person should know besides the fields. | []
        candidate_count | How many transactions were compared. | 1
        margin | The first one's score less the best of the others; null without others. | null
        candidates | The best of them first, 20 at most. | []
        MatchCandidate.order_id | The order that the transaction belongs to. | "ord_abc123"
        MatchCandidate.integration_transaction_id | The transaction's reference in its integration. | "txn_2026_000123"
        MatchCandidate.currency | Its currency. | "USD"
        MatchCandidate.authorised_at | When it was authorised, as far as that is known. | "2026-02-10T10:30:00Z"
        rule | The strongest rule of matching that it satisfies; null for none. | "CARD"
        score | The weights of all evidence together; ten points are a factor of ten. | 64
        evidence | What each field says, strongest field first. | []
        MatchEvidence.field | The field that is compared. | "AMOUNT"
        result | What it says. | "EQUAL"
        AlertMatchSet.integration_id | The transaction's integration; needed only where several have such a reference. | "int_abc123"
        AlertMatchSet.integration_transaction_id | The transaction's reference in it; null for none of the known ones. | "txn_2026_000123"
        lookup_status | What became of the lookup. | "SUCCEEDED"
        deflection_status | Whether the dispute was deflected. | "NOT_ATTEMPTED"
        """
}
