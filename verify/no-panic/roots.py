"""Prints a function that makes every public function of proxy-auth part of a program: python3 roots.py RUSTDOC.json

The functions come from the JSON of rustdoc, so none is missing. Each becomes an opaque pointer, so the compiler must expect
any argument. BY_HAND contains functions that cannot be named this way, such as those with a parameter `impl Trait`.
"""

import json
import sys

# The types for generic parameters: an iterator over field lines, a hasher, memory for nonces, bytes, a number, and a user.
LINES, HASHER, SLOTS, BYTES, COUNT = "Copied<Iter<'_, &[u8]>>", "&mut dyn Hasher", "&mut [digest::Slot]", "[u8]", "16"
USER = "users::HtdigestEntry"

# The types for generic parameters of types: also a realm, the state of a gate, and the user of a connection.
OF_TYPES = {"L": LINES, "S": SLOTS, "E": USER, "R": "&'static str", "O": "Offering", "U": "&'static [u8]"}

# The fields of a request or a response.
FIELDS = "&'static [(&'static [u8], &'static [u8])]"

BY_HAND = {
    "Attempt::check": "check_with_every_secret()",
    "ConnectionGate::read":
        "(|connection: &'static mut ConnectionGate<&'static [u8]>, gate: &'static Gate<&'static str>, request: "
        f"&'static Request<'static>, fields: {FIELDS}, scratch| "
        "connection.read(gate, request, fields.iter().copied(), scratch)) as fn(_, _, _, _, &'static mut [u8]) -> _",
    "Denial::challenges":
        "(|denial: &Denial<'_, &str>, buffer: &mut [u8]| denial.challenges().for_each(|challenge| "
        "{ let _ = black_box(challenge.encode(buffer)); })) as fn(&'static _, &'static mut [u8])",
    "Gate::read":
        f"(|gate: &'static Gate<&'static str>, request: &'static Request<'static>, fields: {FIELDS}, scratch| "
        "gate.read(request, fields.iter().copied(), scratch)) as fn(_, _, _, &'static mut [u8]) -> _",
    "Ticket::redeem":
        "(|ticket: Ticket<'static>, store: &mut dyn ReplayStore| ticket.redeem(store)) as fn(_, &'static mut _) -> _",
    "Ticket::redeem_async": "redeem_async as fn(_, _) -> _",
    "<digest::HexHash as Drop>::drop": "drop::<digest::HexHash> as fn(_) -> _",
    "AuthenticationInfo::from_lines": "(|lines: &'static [&'static [u8]]| AuthenticationInfo::from_lines(lines)) as fn(_) -> _",
    "AuthenticationInfo::from_lines_lenient":
        "(|lines: &'static [&'static [u8]]| AuthenticationInfo::from_lines_lenient(lines)) as fn(_) -> _",
    "Challenges::from_lines": "(|lines: &'static [&'static [u8]]| Challenges::from_lines(lines)) as fn(_) -> _",
    "Credentials::from_lines": "(|lines: &'static [&'static [u8]]| Credentials::from_lines(lines)) as fn(_) -> _",
    "Credentials::from_lines_lenient":
        "(|lines: &'static [&'static [u8]]| Credentials::from_lines_lenient(lines)) as fn(_) -> _",
    "ConnectionSession::receive":
        "(|session: &'static mut ConnectionSession, status, fields: &'static [(&'static [u8], &'static [u8])], scratch| "
        "session.receive(status, fields.iter().copied(), scratch)) as fn(_, _, _, &'static mut [u8]) -> HandshakeStep<'static>",
    "Session::receive":
        "(|session: &mut Session<16>, pending, status, fields: &'static [(&'static [u8], &'static [u8])]| "
        "session.receive(pending, status, fields.iter().copied())) as fn(&'static mut _, _, _, _) -> _",
}

# The compiler cannot prove that some code of core does not panic: Debug of a str, of a list, of a map, and of a struct
# with six or more fields.
EXCEPT = """
    AuthParam AuthenticationInfo Challenge ChallengeResponse Choice Chosen Continuation Denial DigestOffer FieldName Gate GiveUp
    HandshakeStep NothingFits OfferedChallenge Params ParamsIter PassedOver Policy Reason Refusal Request SchemeError StatusCode Step
    Token basic::Challenge bearer::Challenge digest::Challenge digest::Client digest::Request negotiate::Challenge
    private_token::Challenge scram::Challenge
""".split()

with open(sys.argv[1], encoding="utf-8") as file:
    crate = json.load(file)
items = crate["index"]


def item(id):
    return items[str(id)]


def inner(item):
    return next(iter(item["inner"].items()))


def generic(param):
    """Returns the type for a generic parameter, or None for a lifetime."""
    kind, details = next(iter(param["kind"].items()))
    if kind == "lifetime":
        return None
    if kind == "const":
        return COUNT
    return {"L": LINES, "H": HASHER, "S": SLOTS, "E": USER}.get(param["name"].lstrip("_"), BYTES)


def generics(params):
    return ", ".join(filter(None, map(generic, params)))


def rust_type(type, generics=OF_TYPES):
    """Writes a type in the syntax of Rust."""
    kind, details = next(iter(type.items()))
    match kind:
        case "primitive":
            return details
        case "borrowed_ref":
            return "&" + rust_type(details["type"], generics)
        case "slice":
            return f"[{rust_type(details, generics)}]"
        case "generic":
            return generics[details]
        case "resolved_path":
            arguments = (details["args"] or {}).get("angle_bracketed", {}).get("args", [])
            arguments = [a for a in arguments if "lifetime" not in a]
            arguments = ", ".join(rust_type(a["type"], generics) if "type" in a else COUNT for a in arguments)
            return names.get(details["id"], details["path"]) + (f"<{arguments}>" if arguments else "")
    raise ValueError(f"no rule to write {kind}")


def pointer(path, function):
    _, details = inner(function)
    if '"is_synthetic": true' in json.dumps(details["generics"]):
        raise ValueError(f"{path} takes an `impl Trait`: add it to BY_HAND")
    arguments = ", ".join("_" for _ in details["sig"]["inputs"])
    of = generics(details["generics"]["params"])
    return f"{path}{f'::<{of}>' if of else ''} as fn({arguments}) -> _"


def functions(ids):
    return [item(id) for id in ids if "function" in item(id)["inner"]]


def of_type(name, type):
    """Yields the functions of a type, and those of the traits that it implements, except blanket implementations."""
    types = OF_TYPES | ({"S": "Password"} if name.endswith("Account") else {})
    for id in inner(type)[1]["impls"]:
        _, block = inner(item(id))
        if block["is_synthetic"] or block["blanket_impl"]:
            continue
        self, trait = rust_type(block["for"], types), block["trait"]
        if trait is None:
            for function in functions(block["items"]):
                if function["visibility"] == "public":
                    path = f"{name}::{function['name']}"
                    yield path, BY_HAND.pop(path, None) or pointer(f"<{self}>::{function['name']}", function)
            continue
        if trait["path"] == "Debug" and name in EXCEPT:
            continue
        as_trait = f"<{self} as {rust_type({'resolved_path': trait})}>"
        defaults = functions(inner(item(trait["id"]))[1]["items"]) if str(trait["id"]) in items else []
        for function in {f["name"]: f for f in defaults + functions(block["items"])}.values():
            path = f"{as_trait}::{function['name']}"
            yield path, BY_HAND.pop(path, None) or pointer(path, function)


names = {}


def name_types(module, prefix):
    """Adds the paths of everything public to names."""
    for id in inner(module)[1]["items"]:
        kind, details = inner(item(id))
        name = prefix + (details["name"] if kind == "use" else item(id)["name"])
        if kind == "use":
            if str(details["id"]) not in items:
                continue  # another crate
            id = details["id"]
            kind, details = inner(item(id))
        if kind == "module":
            name_types(item(id), name + "::")
        else:
            names[id] = name


name_types(item(crate["root"]), "")
roots = {}
for id, name in names.items():
    match inner(item(id))[0]:
        case "struct" | "enum":
            roots.update(of_type(name, item(id)))
        case "function":
            roots[name] = pointer(name, item(id))
        case "trait" | "constant" | "macro":
            pass
        case kind:
            raise ValueError(f"no rule for {kind} {name}")

print("fn every_public_function() {")
for path in sorted(roots):
    print(f"    black_box({roots[path]});")
print("}")
