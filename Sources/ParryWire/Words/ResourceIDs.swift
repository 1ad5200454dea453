// One tag and one alias per resource; the prefixes are those of CONTRACT.md 1.1.

/// Marks the ids of a partner.
public enum PartnerResource: IdentifiedResource {
    /// `ptnr_`
    public static let idPrefix = "ptnr_"
}
/// The id of a partner.
public typealias PartnerID = Identifier<PartnerResource>

/// Marks the ids of a partner group.
public enum PartnerGroupResource: IdentifiedResource {
    /// `grp_`
    public static let idPrefix = "grp_"
}
/// The id of a partner group.
public typealias PartnerGroupID = Identifier<PartnerGroupResource>

/// Marks the ids of an API key.
public enum APIKeyResource: IdentifiedResource {
    /// `key_`
    public static let idPrefix = "key_"
}
/// The id of an API key.
public typealias APIKeyID = Identifier<APIKeyResource>

/// Marks the ids of an organisation.
public enum OrganisationResource: IdentifiedResource {
    /// `org_`
    public static let idPrefix = "org_"
}
/// The id of an organisation.
public typealias OrganisationID = Identifier<OrganisationResource>

/// Marks the ids of a membership.
public enum MembershipResource: IdentifiedResource {
    /// `mem_`
    public static let idPrefix = "mem_"
}
/// The id of a membership.
public typealias MembershipID = Identifier<MembershipResource>

/// Marks the ids of a user, who may have several memberships.
public enum UserResource: IdentifiedResource {
    /// `usr_`
    public static let idPrefix = "usr_"
}
/// The id of a user.
public typealias UserID = Identifier<UserResource>

/// Marks the ids of a ruleset.
public enum RulesetResource: IdentifiedResource {
    /// `rset_`
    public static let idPrefix = "rset_"
}
/// The id of a ruleset.
public typealias RulesetID = Identifier<RulesetResource>

/// Marks the ids of a rule of a ruleset.
public enum RuleResource: IdentifiedResource {
    /// `resrule_`
    public static let idPrefix = "resrule_"
}
/// The id of a rule of a ruleset.
public typealias RuleID = Identifier<RuleResource>

/// Marks the ids of a merchant.
public enum MerchantResource: IdentifiedResource {
    /// `mrch_`
    public static let idPrefix = "mrch_"
}
/// The id of a merchant.
public typealias MerchantID = Identifier<MerchantResource>

/// Marks the ids of an integration.
public enum IntegrationResource: IdentifiedResource {
    /// `int_`
    public static let idPrefix = "int_"
}
/// The id of an integration.
public typealias IntegrationID = Identifier<IntegrationResource>

/// Marks the ids of an enrolment.
public enum EnrolmentResource: IdentifiedResource {
    /// `enrl_`
    public static let idPrefix = "enrl_"
}
/// The id of an enrolment.
public typealias EnrolmentID = Identifier<EnrolmentResource>

/// Marks the ids of an order.
public enum OrderResource: IdentifiedResource {
    /// `ord_`
    public static let idPrefix = "ord_"
}
/// The id of an order.
public typealias OrderID = Identifier<OrderResource>

/// Marks the ids of an alert.
public enum AlertResource: IdentifiedResource {
    /// `netalrt_`
    public static let idPrefix = "netalrt_"
}
/// The id of an alert.
public typealias AlertID = Identifier<AlertResource>

/// Marks the ids of a refund intent.
public enum RefundIntentResource: IdentifiedResource {
    /// `rfi_`
    public static let idPrefix = "rfi_"
}
/// The id of a refund intent.
public typealias RefundIntentID = Identifier<RefundIntentResource>

/// Marks the ids of a scheme notice.
public enum SchemeNoticeResource: IdentifiedResource {
    /// `schntc_`
    public static let idPrefix = "schntc_"
}
/// The id of a scheme notice.
public typealias SchemeNoticeID = Identifier<SchemeNoticeResource>

/// Marks the ids of a lookup.
public enum LookupResource: IdentifiedResource {
    /// `lkp_`
    public static let idPrefix = "lkp_"
}
/// The id of a lookup.
public typealias LookupID = Identifier<LookupResource>

/// Marks the ids of an audit row.
public enum AuditResource: IdentifiedResource {
    /// `aud_`
    public static let idPrefix = "aud_"
}
/// The id of an audit row.
public typealias AuditID = Identifier<AuditResource>

/// Marks the ids of a webhook event.
public enum EventResource: IdentifiedResource {
    /// `evt_`
    public static let idPrefix = "evt_"
}
/// The id of a webhook event.
public typealias EventID = Identifier<EventResource>

/// Marks the ids of a webhook endpoint.
public enum WebhookEndpointResource: IdentifiedResource {
    /// `whe_`
    public static let idPrefix = "whe_"
}
/// The id of a webhook endpoint.
public typealias WebhookEndpointID = Identifier<WebhookEndpointResource>

/// Marks the ids of a webhook delivery.
public enum DeliveryResource: IdentifiedResource {
    /// `whd_`
    public static let idPrefix = "whd_"
}
/// The id of a webhook delivery.
public typealias DeliveryID = Identifier<DeliveryResource>

/// Marks the ids of a redelivery of many webhooks.
public enum RedeliveryResource: IdentifiedResource {
    /// `whr_`
    public static let idPrefix = "whr_"
}
/// The id of a redelivery of many webhooks.
public typealias RedeliveryID = Identifier<RedeliveryResource>

/// Marks the ids of messages that a card network sent.
public enum NetworkMessageResource: IdentifiedResource {
    /// `netmsg_`
    public static let idPrefix = "netmsg_"
}
/// The id of a message that a card network sent.
public typealias NetworkMessageID = Identifier<NetworkMessageResource>

/// Marks the ids of requests to a card network.
public enum NetworkRequestResource: IdentifiedResource {
    /// `netreq_`
    public static let idPrefix = "netreq_"
}
/// The id of a request to a card network.
public typealias NetworkRequestID = Identifier<NetworkRequestResource>

/// Marks the ids of people who sign in to the dashboard.
public enum PersonResource: IdentifiedResource {
    /// `prsn_`
    public static let idPrefix = "prsn_"
}
/// The id of a person who signs in to the dashboard.
public typealias PersonID = Identifier<PersonResource>

/// Marks the ids of a person's sessions.
public enum SessionResource: IdentifiedResource {
    /// `sess_`
    public static let idPrefix = "sess_"
}
/// The id of a person's session.
public typealias SessionID = Identifier<SessionResource>
