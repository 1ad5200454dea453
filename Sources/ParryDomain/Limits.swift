/// The bounds of the platform's own work, each with its reason. Bounds of requests are in `RequestLimits`.
package enum Limits {
    /// A simulated alert waits exactly this long for an action (CONTRACT.md 9.3).
    package static let simulatedAlertWindowSeconds: Int64 = 48 * 3_600
    /// How long before the alert a simulated transaction was authorised (CONTRACT.md 14.2).
    package static let simulatedAuthorisationAgeSeconds: Int64 = 7 * 86_400
    /// What a simulated alert is about when no amount is given (CONTRACT.md 14.2).
    package static let simulatedAmount: Int64 = 10_000

    /// A receiver has this long to answer 2xx (CONTRACT.md 15.5).
    package static let webhookDeadlineSeconds: Int64 = 20
    /// Waiting times between tries, in seconds: 1 min, 5 min, 30 min, 2 h, 12 h (CONTRACT.md 15.5).
    package static let webhookRetrySeconds: [Int64] = [60, 300, 1_800, 7_200, 43_200]
    /// A claimed delivery belongs to its process this long; longer than a send may take, so that a
    /// second try means that the first one's process is gone, and short enough to recover from a crash.
    package static let deliveryLeaseSeconds: Int64 = 45
    /// What a result may take from the end of its send until it is written.
    package static let deliveryResultSeconds: Int64 = 10
    /// Sends in flight in one process: a sixteenth of them keeps two cores busy, measured; the rest is room for
    /// receivers that hang.
    package static let sendsInFlightMax = 1_024
    /// Sends in flight to endpoints that took the last one.
    package static let sendsToAllGoodEndpointsMax = 256
    /// Sends in flight to one endpoint that takes them well: what keeps two cores busy, measured.
    package static let sendsPerEndpointMax = 64
    /// Sends in flight to an endpoint of which nothing is known yet.
    package static let sendsToNewEndpointMax = 4
    /// Sends in flight to all endpoints of which nothing is known yet.
    package static let sendsToAllNewEndpointsMax = 128
    /// Beyond that, sends in flight that are the only one to an endpoint of which nothing is known yet: what the other
    /// bounds leave of all.
    package static let firstSendsToNewEndpointsMax =
        sendsInFlightMax - sendsToAllNewEndpointsMax - sendsToAllGoodEndpointsMax
        - sendsToAllFailingEndpointsMax
    /// The same, to those of one tenant.
    package static let firstSendsPerTenantMax = 16
    /// Sends in flight to all endpoints whose last send failed.
    package static let sendsToAllFailingEndpointsMax = 64
    /// From the beginning of a send to one that is new or failed last to the next such, but for as many as a new endpoint
    /// gets at once, a tenant's only send, and two for each that ended well: connecting, timing out and being
    /// written keeps two cores busy for a third of that, measured.
    package static let sendGapMilliseconds: Int64 = 4
    /// A send that fails after so long hung.
    package static let hangMilliseconds: Int64 = 1_000
    /// From one writing of sends that hung, and filling of the places that they leave, to the next, unless either is done
    /// for the sake of others: many that hang time out at once.
    package static let hangsGapMilliseconds: Int64 = 100
    /// Failures in a row after which an endpoint gets probes only.
    package static let breakerFailures = 20
    /// The pause before a probe: half the shortest retry time, so that an endpoint that is back is
    /// noticed sooner than by it.
    package static let breakerProbeSeconds: Int64 = 30
    /// Endpoints of one organisation, and of a partner itself: each event of theirs is a delivery to every one.
    package static let endpointsPerOwnerMax = 100
    /// Endpoints whose sends a process remembers; over it those that are at rest are forgotten.
    package static let endpointsKnownMax = 10_000
    /// Deliveries claimed in one statement, and results that wait for more of their kind before they are written.
    /// Measured: larger batches gain nothing, and hold up other writes.
    package static let deliveryClaimMax = 150
    /// Deliveries to one endpoint, and of one tenant, that wait in memory while its sends end well: what keeps those
    /// going while the database is slow for a moment.
    package static let deliveriesAheadMax = 600
    /// Endpoints that wait, of those that one claim looks at.
    package static let endpointsLookedAtMax = 256
    /// Endpoints that wait: beyond so many a claim after a commit looks only at those with new deliveries, and at all of
    /// them once a second, which finds retries, what was redelivered and endpoints that were resumed.
    package static let endpointsLookedAtAlwaysMax = 32
    /// How long before a claim a delivery can have got its id and not been seen by the claim before it: requests wait
    /// their turn to be written.
    package static let deliveryNewsMilliseconds: Int64 = 500
    /// Endpoints of which one claim takes deliveries: new ones fill most of it. A power of two, as SQLite's statement has
    /// parts.
    package static let endpointsClaimedMax = 32
    /// Deliveries to a deleted endpoint that one claim gives up.
    package static let orphansGivenUpMax = 500
    /// Bytes of a receiver's answer that are read before the connection is dropped.
    package static let webhookAnswerBytesMax = 64 * 1_024
    /// Bytes of a receiver's answer that the attempt log keeps.
    package static let webhookAnswerBytesKept = 1_024
    /// How much later than the schedule says a try may be, as a share of the wait, so that not all that failed
    /// at once comes back at once.
    package static let webhookJitterShare = 0.1
    /// How long before the deadline of an alert its last news is tried at the latest, to leave time to act.
    package static let alertNoticeSeconds: Int64 = 900
    /// Committed events that one transaction of the sequencer numbers.
    package static let eventsNumberedAtOnceMax = 1_000
    /// Deliveries that one step of a redelivery makes due, so that its transaction stays short.
    package static let redeliveredAtOnceMax = 500
    /// Deliveries of an endpoint that a page counts, of each state: a list of fifty endpoints must not take long.
    package static let deliveriesTalliedMax = 1_000
    /// Deliveries of which one page looks whether their events are of a type: each is a row and an event to read.
    package static let deliveriesLookedThroughMax = 5_000
    /// Deliveries that are counted before they are sent again.
    package static let redeliveriesCountedMax = 10_000
    /// Rows of a kind that one step of retention removes: some milliseconds of work.
    package static let removedAtOnceMax = 200
    /// How long the former secret of an endpoint still signs, unless a rotation says otherwise.
    package static let secretOverlapHours: Int64 = 24
    /// Tries that a delivery shows; more than the schedule has, because deliveries can be sent again.
    package static let attemptsShownMax = 100
    /// Characters of a failure's description that the attempt log keeps.
    package static let attemptErrorMax = 200

    /// Bytes of an order's normalised document. A page of orders and a change are built in memory, so
    /// this bounds both; the largest orders seen in practice have a tenth of it.
    package static let orderDocumentBytesMax = 128 * 1_024
    /// Rows of orders and transactions from which on a request is stored by itself. It has work enough for
    /// a transaction of its own, and the database shares commits among those anyway; measured: merged with
    /// others, large requests are a fifth slower, small ones half as fast without it.
    package static let orderRowsMergedMax = 100
    /// Rows that small requests bring to one transaction together.
    package static let orderRowsPerTransactionMax = 1_000
    /// From how many rows on pieces that are under way together share what waits.
    package static let orderRowsSharedMin = 64

    /// How long a key's look-up is remembered: a revoked key must stop within 2 s.
    package static let keyCacheMilliseconds: Int64 = 1_000
    /// Keys remembered; more are looked up each time.
    package static let keyCacheEntriesMax = 10_000
    /// Buckets of the rate limiter kept in memory; over it the stale ones are swept.
    package static let rateBucketsMax = 100_000
    /// How long the answer to a request with an Idempotency-Key is kept (amendment 4).
    package static let idempotencyMilliseconds: Int64 = 24 * 3_600_000
    /// Requests of one process that may wait for the count of their limits; one more is refused.
    package static let rateAsksWaitingMax = 2_000
    /// Requests whose limits one statement checks together.
    package static let rateAsksMax = 500
    /// How often orders are judged anew because another process stored the same references meanwhile.
    package static let repeatAttemptsMax = 5
    /// Claims of broken connections that a process remembers to give back.
    package static let leasesDoubtedMax = 20
    /// Enrolments that one alert's identifiers may lead to: prefixes of one descriptor.
    package static let enrolmentsRoutedMax = 200
    /// Characters of a descriptor that prefixes are compared with; networks cut after 22 to 25.
    package static let descriptorRoutedMax = 100
    /// Days after which an alert without a transaction is not looked at again when orders arrive.
    package static let lateDataDays: Int64 = 120
    /// Seconds after which an unmatched alert is looked at once more: an order may have been on its way when the
    /// alert was matched.
    package static let unmatchedReviewSeconds: Int64 = 30
    /// Seconds after which an alert is reviewed again whose review failed.
    package static let failedReviewSeconds: Int64 = 300
    /// Alerts that one order or batch can bring back.
    package static let alertsReviewedByOrdersMax = 500
    /// Alerts that are matched again in one step, each in a transaction of its own.
    package static let alertsReviewedAtOnceMax = 20
    /// Originals of originals that are looked through.
    package static let duplicateDepthMax = 5
    /// Identifiers of late orders that are looked for by one statement.
    package static let tracesLookedForMax = 2_000
    /// Credits of a report that are read by one statement.
    package static let creditsReadAtOnceMax = 1_000
    /// Alerts that are reminded of, or ended at their deadline, in one transaction: where requests share the only writer few
    /// enough that they hardly wait.
    package static let alertsDueAtOnceMax = 64
    /// The same where every transaction has a writer of its own.
    package static let alertsDueSideBySideMax = 256
    /// Steps of the work on deadlines that are done before a test clock's new time is answered.
    package static let deadlineStepsPerClockMax = 25
    /// Alerts that one backtest looks at; of more the oldest are looked at.
    package static let backtestAlertsMax = 1_000_000
    /// Alerts that a backtest on a page looks at, the newest: it must not keep people waiting.
    package static let backtestAlertsOnPageMax = 10_000
    /// Alerts that a backtest keeps whole as examples, for each of what it decides.
    package static let backtestExamplesMax = 5
    /// Versions of a ruleset that a page shows, and enrolments that its form offers.
    package static let rulesetVersionsShownMax = 50
    package static let rulesetEnrolmentsOfferedMax = 300
    /// Alerts that a backtest reads by one statement.
    package static let backtestAlertsReadAtOnceMax = 5_000
    /// Days before a backtest's alerts came whose rates may be needed: what they tell of can be so old.
    package static let backtestRateDays: Int64 = 400
    /// Requests to one network that are under way at the same time, outcomes apart: one that hangs does not hold up the
    /// next ones.
    package static let networkRequestsAtOnceMax = 8
    /// Alerts that a backtest names of those that would have ended otherwise.
    package static let backtestFlipsMax = 100
    /// How far a test clock may be ahead: ten years, so that no sum of times overflows.
    package static let testClockLeadSecondsMax: Int64 = 10 * 366 * 86_400
    /// How long a refund may be on its way before its reservation expires, unless the caller says otherwise.
    package static let refundIntentSeconds: Int64 = 15 * 60
    /// Days whose exchange rates are at hand when an RDR case is decided.
    package static let decisionRateDays: Int64 = 40
    /// Rulesets that are read with their rules by one statement.
    package static let rulesetsReadAtOnceMax = 500
    /// Answers about RDR cases that wait to be kept, or are being kept.
    package static let decisionsKeptAtOnceMax = 10_000
    /// Answers that a process remembers besides.
    package static let recentDecisionsMax = 20_000
    /// Answers that wait to be kept because the database did not take them in time.
    package static let decisionCorrectionsMax = 100_000
    /// Enrolments that a network is asked for afterwards in one step.
    package static let enrolmentsAskedAtOnceMax = 20
    /// Letters and digits that are left at least of a descriptor that a statement has cut.
    package static let descriptorCutMin = 6
    /// Alerts of one push (NETWORKS.md expects 500).
    package static let alertsPerPushMax = 1_000
    /// Alerts of one push that are taken in at the same time, each in a transaction of its own.
    package static let alertsTakenInAtOnceMax = 8
    /// Bytes of one push.
    package static let networkBodyBytesMax = 5 * 1_024 * 1_024
    /// Outcomes in one request to Ethoca (NETWORKS.md).
    package static let outcomesPerRequestMax = 25
    /// How long a request to a network may take, answer included.
    package static let networkDeadlineSeconds: Int64 = 30
    /// How long a claimed request to a network is this process's.
    package static let networkLeaseSeconds: Int64 = 90
    /// Seconds before the network's window ends at which an alert's deadline lies, to get the outcome out
    /// (CONTRACT.md 9.3).
    package static let alertMarginSeconds: Int64 = 15 * 60
    /// Characters of a network's error that are kept.
    package static let networkErrorMax = 200

    /// Failed authentications of one address in a minute, at the least (amendment 14).
    package static let failedAuthenticationsPerMinuteMin = 100

    /// Wrong passwords of one address before the first wait: enough for who mistypes.
    package static let signInFailuresFree: Int64 = 5
    /// The longest wait: 288 guesses a day are no danger to a password of 12 characters, and who owns the address is
    /// not locked out by somebody else for long.
    package static let signInWaitSecondsMax: Int64 = 300
    /// After so long without a wrong password the earlier ones are forgotten.
    package static let signInMemorySeconds: Int64 = 86_400
    /// Passwords that one address may send in a minute: an office behind one address signs in at nine o'clock.
    package static let passwordsPerMinuteMax = 60
    /// Links for a new password that an address can ask for before the first wait.
    package static let linksFree: Int64 = 3
    /// The longest wait for the next one: a stranger who asks for them all day sends somebody some 30 mails.
    package static let linkWaitSecondsMax: Int64 = 3_600
    /// Links that one client may ask for in a minute, for whatever addresses.
    package static let linksPerMinuteMax = 10
    /// Addresses that wait in one process for their link to be mailed.
    package static let linksWaitingMax = 500
    /// How often the mail of one link is tried.
    package static let linkTriesMax = 3
    /// Passwords that wait to be hashed in one process: about 3 seconds of work.
    package static let passwordsWaitingMax = 32
    /// A session that nobody uses ends after half a day: a shift and the way home.
    package static let sessionIdleSecondsMax: Int64 = 12 * 3_600
    /// A session ends after a week, whatever it is used for.
    package static let sessionSecondsMax: Int64 = 7 * 86_400
    /// How exactly the last use of a session is known, so that not every page writes.
    package static let sessionSeenSeconds: Int64 = 60
    /// How long after the password was given keys and secrets can be shown and made.
    package static let confirmationSeconds: Int64 = 600
    /// How long an invitation can be taken.
    package static let invitationSeconds: Int64 = 7 * 86_400
    /// How long a link to set a new password can be used.
    package static let passwordResetSeconds: Int64 = 3_600
    /// How long a token of single sign-on is good (CONTRACT.md 2.4).
    package static let singleSignOnSeconds: Int64 = 15 * 60
    /// How far ahead the clock of a partner may be.
    package static let singleSignOnSkewSeconds: Int64 = 60
    /// Alerts that one confirmation acts on: more than a page of the queue has.
    package static let alertsActedOnAtOnceMax = 200
    /// Open pages that one process keeps a connection for: each is a socket and some kilobytes.
    package static let livePagesMax = 2_000
    /// The same of one session: more are no person's.
    package static let livePagesOfSessionMax = 20
    /// Accounts that one list for choosing shows; the rest is found by name.
    package static let seatsShownMax = 100
    /// Events and doings that the page of one alert tells of; an alert has a handful, one that is noted upon without
    /// end has its first ones.
    package static let alertEventsShownMax = 40
    /// Alerts about one sale that the page of one of them looks at.
    package static let alertsOfSaleShownMax = 20
    /// Transactions that somebody who looks for an alert's sale is offered: they mean one of a few.
    package static let salesOfferedMax = 20
    /// An open alert is about to end when its deadline is within so many seconds.
    package static let alertEndsSoonSeconds: Int64 = 4 * 3_600
    /// Issuers that an overview tells apart.
    package static let issuersShownMax = 10
    /// Orders whose documents one page of feed health reads, all feeds together, and of one feed.
    package static let feedOrdersSampledMax = 2_000
    package static let ordersSampledPerFeedMax = 500
}
