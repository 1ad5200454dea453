import ParryDomain
import ParryWire

extension SendPlan {
    /// How many deliveries are where: those of an endpoint, of a tenant's endpoints of one standing, or of all of a
    /// standing.
    struct Load {
        var waiting = 0
        var inFlight = 0
        /// Successes of late: each second halves it.
        var successes = 0

        var held: Int { waiting + inFlight }

        /// How many may be claimed in advance: no more than two seconds' sends.
        var ahead: Int { min(successes, Limits.deliveriesAheadMax) }
    }

    /// The loads of all standings.
    struct Loads {
        private var new = Load()
        private var good = Load()
        private var failing = Load()

        var held: Int { new.held + good.held + failing.held }
        var inFlight: Int { new.inFlight + good.inFlight + failing.inFlight }

        subscript(standing: EndpointPace.Standing) -> Load {
            get {
                switch standing {
                case .new: new
                case .good: good
                case .failing: failing
                }
            }
            set {
                switch standing {
                case .new: new = newValue
                case .good: good = newValue
                case .failing: failing = newValue
                }
            }
        }

        mutating func age() {
            new.successes /= 2
            good.successes /= 2
            failing.successes /= 2
        }
    }

    /// How fast an endpoint may be sent to, and what it has.
    struct Endpoint {
        var pace = EndpointPace()
        var load = Load()
        /// Whether the last send hung until it failed.
        var hung = false

        var isAtRest: Bool { load.held == 0 && !pace.isOpen }

        /// How many more of it are wanted.
        func share(at now: Timestamp) -> DeliveryAppetite.Share {
            let sends = pace.sendsMax(at: now)
            return .init(sends - load.held + (sends > 1 ? load.ahead : 0), pace.standing)
        }

        /// Whether one more may begin.
        ///
        /// - Parameters:
        ///   - ofTenant: What its tenant has.
        ///   - ofAll: What all have.
        func mayBegin(beside ofTenant: Loads?, _ ofAll: Loads, at now: Timestamp) -> Bool {
            guard load.inFlight < pace.sendsMax(at: now) else { return false }
            let standing = pace.standing
            let isFirst = load.inFlight == 0
            let tenantMax =
                standing.sendsPerTenantMax + (isFirst ? standing.firstSendsPerTenantMax : 0)
            let allMax = standing.sendsMax + (isFirst ? standing.firstSendsMax : 0)
            return ofTenant?[standing].inFlight ?? 0 < tenantMax
                && ofAll[standing].inFlight < allMax
        }

        /// - Parameter isSuccess: nil when it was cancelled.
        mutating func ended(_ isSuccess: Bool?, at now: Timestamp) {
            load.inFlight -= 1
            switch isSuccess {
            case true?:
                pace.succeeded()
                load.successes += 1
            case false?:
                pace.failed(at: now)
                load.successes = 0
            case nil: break
            }
        }
    }
}
