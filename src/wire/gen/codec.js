// Made by `npm run proto` from proto/bproc/v1. Do not edit.
/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

const $root = {};

export const bproc = $root.bproc = (() => {

    const bproc = {};

    bproc.v1 = (function() {

        const v1 = {};

        v1.Epoch = (function() {

            const Epoch = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Epoch.prototype.generation = 0;
            Epoch.prototype.revision = 0;

            Epoch.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.generation != null && $Object.hasOwnProperty.call(m, "generation") && (typeof m.generation === "object" ? m.generation.low || m.generation.high : m.generation !== 0))
                    w.uint32(8).uint64(m.generation);
                if (m.revision != null && $Object.hasOwnProperty.call(m, "revision") && (typeof m.revision === "object" ? m.revision.low || m.revision.high : m.revision !== 0))
                    w.uint32(16).uint64(m.revision);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Epoch.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Epoch();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.generation = v;
                            else
                                delete m.generation;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.revision = v;
                            else
                                delete m.revision;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Epoch;
        })();

        v1.Role = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "ROLE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "ROLE_MASTER"] = 1;
            values[valuesById[2] = "ROLE_SLAVE"] = 2;
            values[valuesById[3] = "ROLE_CLIENT"] = 3;
            return values;
        })();

        v1.Failure = (function() {

            const Failure = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Failure.prototype.code = "";
            Failure.prototype.message = "";
            Failure.prototype.node = null;
            Failure.prototype.pid = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Failure.prototype, "_node", {
                get: $util.oneOfGetter($oneOfFields = ["node"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Failure.prototype, "_pid", {
                get: $util.oneOfGetter($oneOfFields = ["pid"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Failure.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.code != null && $Object.hasOwnProperty.call(m, "code") && m.code !== "")
                    w.uint32(10).string(m.code);
                if (m.message != null && $Object.hasOwnProperty.call(m, "message") && m.message !== "")
                    w.uint32(18).string(m.message);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    w.uint32(24).sint32(m.node);
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid"))
                    w.uint32(32).uint32(m.pid);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Failure.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Failure();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.code = v;
                            else
                                delete m.code;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.message = v;
                            else
                                delete m.message;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            m.node = r.sint32();
                            m._node = "node";
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            m.pid = r.uint32();
                            m._pid = "pid";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Failure;
        })();

        v1.Hello = (function() {

            const Hello = function (p) {
                this.features = [];
                this.attributes = {};
                this.pids = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Hello.prototype.majorMin = 0;
            Hello.prototype.majorMax = 0;
            Hello.prototype.minor = 0;
            Hello.prototype.role = 0;
            Hello.prototype.identity = $util.newBuffer([]);
            Hello.prototype.seen = null;
            Hello.prototype.features = $util.emptyArray;
            Hello.prototype.node = null;
            Hello.prototype.address = "";
            Hello.prototype.attributes = $util.emptyObject;
            Hello.prototype.pids = $util.emptyArray;
            Hello.prototype.reconnect = false;
            Hello.prototype.pid = 0;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Hello.prototype, "_node", {
                get: $util.oneOfGetter($oneOfFields = ["node"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Hello.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.majorMin != null && $Object.hasOwnProperty.call(m, "majorMin") && m.majorMin !== 0)
                    w.uint32(8).uint32(m.majorMin);
                if (m.majorMax != null && $Object.hasOwnProperty.call(m, "majorMax") && m.majorMax !== 0)
                    w.uint32(16).uint32(m.majorMax);
                if (m.minor != null && $Object.hasOwnProperty.call(m, "minor") && m.minor !== 0)
                    w.uint32(24).uint32(m.minor);
                if (m.role != null && $Object.hasOwnProperty.call(m, "role") && m.role !== 0)
                    w.uint32(32).int32(m.role);
                if (m.identity != null && $Object.hasOwnProperty.call(m, "identity") && m.identity.length)
                    w.uint32(42).bytes(m.identity);
                if (m.seen != null && $Object.hasOwnProperty.call(m, "seen"))
                    $root.bproc.v1.Epoch.encode(m.seen, w.uint32(50).fork(), q + 1).ldelim();
                if (m.features != null && m.features.length) {
                    for (var i = 0; i < m.features.length; ++i)
                        w.uint32(58).string(m.features[i]);
                }
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    w.uint32(80).sint32(m.node);
                if (m.address != null && $Object.hasOwnProperty.call(m, "address") && m.address !== "")
                    w.uint32(90).string(m.address);
                if (m.attributes != null && $Object.hasOwnProperty.call(m, "attributes")) {
                    for (var ks = $Object.keys(m.attributes), i = 0; i < ks.length; ++i) {
                        w.uint32(98).fork().uint32(10).string(ks[i]).uint32(18).string(m.attributes[ks[i]]).ldelim();
                    }
                }
                if (m.pids != null && m.pids.length) {
                    for (var i = 0; i < m.pids.length; ++i)
                        $root.bproc.v1.PidBlock.encode(m.pids[i], w.uint32(106).fork(), q + 1).ldelim();
                }
                if (m.reconnect != null && $Object.hasOwnProperty.call(m, "reconnect") && m.reconnect !== false)
                    w.uint32(112).bool(m.reconnect);
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(120).uint32(m.pid);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Hello.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, k, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Hello();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.majorMin = v;
                            else
                                delete m.majorMin;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.majorMax = v;
                            else
                                delete m.majorMax;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.minor = v;
                            else
                                delete m.minor;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.role = v;
                            else
                                delete m.role;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.identity = v;
                            else
                                delete m.identity;
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            m.seen = $root.bproc.v1.Epoch.decode(r, r.size(), $undefined, q + 1, m.seen);
                            continue;
                        }
                    case 7: {
                            if (u !== 2)
                                break;
                            if (!(m.features && m.features.length))
                                m.features = [];
                            m.features.push(r.stringVerify());
                            continue;
                        }
                    case 10: {
                            if (u !== 0)
                                break;
                            m.node = r.sint32();
                            m._node = "node";
                            continue;
                        }
                    case 11: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.address = v;
                            else
                                delete m.address;
                            continue;
                        }
                    case 12: {
                            if (u !== 2)
                                break;
                            if (m.attributes === $util.emptyObject)
                                m.attributes = {};
                            var c2 = r.size() + r.pos;
                            if (c2 > r.len)
                                throw $RangeError("index out of range");
                            r.len = c2;
                            k = "";
                            v = "";
                            while (r.pos < c2) {
                                var t2 = r.tag();
                                u = t2 & 7;
                                switch (t2 >>>= 3) {
                                case 1:
                                    if (u !== 2)
                                        break;
                                    k = r.stringVerify();
                                    continue;
                                case 2:
                                    if (u !== 2)
                                        break;
                                    v = r.stringVerify();
                                    continue;
                                }
                                r.skipType(u, q, t2);
                            }
                            if (r.pos !== c2)
                                throw $RangeError("index out of range");
                            r.len = c;
                            if (k === "__proto__")
                                $util.makeProp(m.attributes, k);
                            m.attributes[k] = v;
                            continue;
                        }
                    case 13: {
                            if (u !== 2)
                                break;
                            if (!(m.pids && m.pids.length))
                                m.pids = [];
                            m.pids.push($root.bproc.v1.PidBlock.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 14: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.reconnect = v;
                            else
                                delete m.reconnect;
                            continue;
                        }
                    case 15: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Hello;
        })();

        v1.Guest = (function() {

            const Guest = function (p) {
                this.gids = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Guest.prototype.uid = 0;
            Guest.prototype.gids = $util.emptyArray;
            Guest.prototype.greeting = $util.newBuffer([]);

            Guest.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(8).uint32(m.uid);
                if (m.gids != null && m.gids.length) {
                    w.uint32(18).uint32s(m.gids);
                }
                if (m.greeting != null && $Object.hasOwnProperty.call(m, "greeting") && m.greeting.length)
                    w.uint32(26).bytes(m.greeting);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Guest.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Guest();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    case 2: {
                            if (u === 2) {
                                if (!(m.gids && m.gids.length))
                                    m.gids = [];
                                r.uint32s(m.gids);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.gids && m.gids.length))
                                m.gids = [];
                            m.gids.push(r.uint32());
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.greeting = v;
                            else
                                delete m.greeting;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Guest;
        })();

        v1.Challenge = (function() {

            const Challenge = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Challenge.prototype.directory = "";
            Challenge.prototype.name = "";

            Challenge.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.directory != null && $Object.hasOwnProperty.call(m, "directory") && m.directory !== "")
                    w.uint32(10).string(m.directory);
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                    w.uint32(18).string(m.name);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Challenge.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Challenge();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.directory = v;
                            else
                                delete m.directory;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Challenge;
        })();

        v1.Challenged = (function() {

            const Challenged = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Challenged.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Challenged.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Challenged();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    r.skipType(t & 7, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Challenged;
        })();

        v1.Welcome = (function() {

            const Welcome = function (p) {
                this.features = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Welcome.prototype.major = 0;
            Welcome.prototype.minor = 0;
            Welcome.prototype.session = 0;
            Welcome.prototype.epoch = null;
            Welcome.prototype.master = $util.newBuffer([]);
            Welcome.prototype.features = $util.emptyArray;
            Welcome.prototype.heartbeatMs = 0;
            Welcome.prototype.node = 0;
            Welcome.prototype.pids = null;

            Welcome.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.major != null && $Object.hasOwnProperty.call(m, "major") && m.major !== 0)
                    w.uint32(8).uint32(m.major);
                if (m.minor != null && $Object.hasOwnProperty.call(m, "minor") && m.minor !== 0)
                    w.uint32(16).uint32(m.minor);
                if (m.session != null && $Object.hasOwnProperty.call(m, "session") && m.session !== 0)
                    w.uint32(29).fixed32(m.session);
                if (m.epoch != null && $Object.hasOwnProperty.call(m, "epoch"))
                    $root.bproc.v1.Epoch.encode(m.epoch, w.uint32(34).fork(), q + 1).ldelim();
                if (m.master != null && $Object.hasOwnProperty.call(m, "master") && m.master.length)
                    w.uint32(42).bytes(m.master);
                if (m.features != null && m.features.length) {
                    for (var i = 0; i < m.features.length; ++i)
                        w.uint32(50).string(m.features[i]);
                }
                if (m.heartbeatMs != null && $Object.hasOwnProperty.call(m, "heartbeatMs") && m.heartbeatMs !== 0)
                    w.uint32(56).uint32(m.heartbeatMs);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(80).sint32(m.node);
                if (m.pids != null && $Object.hasOwnProperty.call(m, "pids"))
                    $root.bproc.v1.PidBlock.encode(m.pids, w.uint32(90).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Welcome.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Welcome();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.major = v;
                            else
                                delete m.major;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.minor = v;
                            else
                                delete m.minor;
                            continue;
                        }
                    case 3: {
                            if (u !== 5)
                                break;
                            if (v = r.fixed32())
                                m.session = v;
                            else
                                delete m.session;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            m.epoch = $root.bproc.v1.Epoch.decode(r, r.size(), $undefined, q + 1, m.epoch);
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.master = v;
                            else
                                delete m.master;
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            if (!(m.features && m.features.length))
                                m.features = [];
                            m.features.push(r.stringVerify());
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.heartbeatMs = v;
                            else
                                delete m.heartbeatMs;
                            continue;
                        }
                    case 10: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 11: {
                            if (u !== 2)
                                break;
                            m.pids = $root.bproc.v1.PidBlock.decode(r, r.size(), $undefined, q + 1, m.pids);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Welcome;
        })();

        v1.Promised = (function() {

            const Promised = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Promised.prototype.epoch = null;

            Promised.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.epoch != null && $Object.hasOwnProperty.call(m, "epoch"))
                    $root.bproc.v1.Epoch.encode(m.epoch, w.uint32(10).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Promised.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Promised();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            m.epoch = $root.bproc.v1.Epoch.decode(r, r.size(), $undefined, q + 1, m.epoch);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Promised;
        })();

        v1.Refuse = (function() {

            const Refuse = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Refuse.prototype.failure = null;
            Refuse.prototype.promised = null;

            Refuse.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.failure != null && $Object.hasOwnProperty.call(m, "failure"))
                    $root.bproc.v1.Failure.encode(m.failure, w.uint32(10).fork(), q + 1).ldelim();
                if (m.promised != null && $Object.hasOwnProperty.call(m, "promised"))
                    $root.bproc.v1.Epoch.encode(m.promised, w.uint32(18).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Refuse.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Refuse();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            m.failure = $root.bproc.v1.Failure.decode(r, r.size(), $undefined, q + 1, m.failure);
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            m.promised = $root.bproc.v1.Epoch.decode(r, r.size(), $undefined, q + 1, m.promised);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Refuse;
        })();

        v1.Goodbye = (function() {

            const Goodbye = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Goodbye.prototype.reason = "";

            Goodbye.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.reason != null && $Object.hasOwnProperty.call(m, "reason") && m.reason !== "")
                    w.uint32(10).string(m.reason);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Goodbye.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Goodbye();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.reason = v;
                            else
                                delete m.reason;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Goodbye;
        })();

        v1.NewLife = (function() {

            const NewLife = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NewLife.prototype.boot = $util.newBuffer([]);

            NewLife.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.boot != null && $Object.hasOwnProperty.call(m, "boot") && m.boot.length)
                    w.uint32(10).bytes(m.boot);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NewLife.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NewLife();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.boot = v;
                            else
                                delete m.boot;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NewLife;
        })();

        v1.PidBlock = (function() {

            const PidBlock = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            PidBlock.prototype.first = 0;
            PidBlock.prototype.count = 0;

            PidBlock.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.first != null && $Object.hasOwnProperty.call(m, "first") && m.first !== 0)
                    w.uint32(8).uint32(m.first);
                if (m.count != null && $Object.hasOwnProperty.call(m, "count") && m.count !== 0)
                    w.uint32(16).uint32(m.count);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            PidBlock.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.PidBlock();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.first = v;
                            else
                                delete m.first;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.count = v;
                            else
                                delete m.count;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return PidBlock;
        })();

        v1.Stdio = (function() {

            const Stdio = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Stdio.prototype.kind = 0;
            Stdio.prototype.file = "";
            Stdio.prototype.flags = 0;
            Stdio.prototype.mode = 0;
            Stdio.prototype.address = "";
            Stdio.prototype.port = 0;
            Stdio.prototype.preamble = false;
            Stdio.prototype.pipe = $util.newBuffer([]);
            Stdio.prototype.node = 0;
            Stdio.prototype.first = $util.newBuffer([]);

            Stdio.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.kind != null && $Object.hasOwnProperty.call(m, "kind") && m.kind !== 0)
                    w.uint32(8).int32(m.kind);
                if (m.file != null && $Object.hasOwnProperty.call(m, "file") && m.file !== "")
                    w.uint32(18).string(m.file);
                if (m.flags != null && $Object.hasOwnProperty.call(m, "flags") && m.flags !== 0)
                    w.uint32(24).uint32(m.flags);
                if (m.mode != null && $Object.hasOwnProperty.call(m, "mode") && m.mode !== 0)
                    w.uint32(32).uint32(m.mode);
                if (m.address != null && $Object.hasOwnProperty.call(m, "address") && m.address !== "")
                    w.uint32(42).string(m.address);
                if (m.port != null && $Object.hasOwnProperty.call(m, "port") && m.port !== 0)
                    w.uint32(48).uint32(m.port);
                if (m.preamble != null && $Object.hasOwnProperty.call(m, "preamble") && m.preamble !== false)
                    w.uint32(56).bool(m.preamble);
                if (m.pipe != null && $Object.hasOwnProperty.call(m, "pipe") && m.pipe.length)
                    w.uint32(66).bytes(m.pipe);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(72).sint32(m.node);
                if (m.first != null && $Object.hasOwnProperty.call(m, "first") && m.first.length)
                    w.uint32(82).bytes(m.first);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Stdio.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Stdio();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.kind = v;
                            else
                                delete m.kind;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.file = v;
                            else
                                delete m.file;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.flags = v;
                            else
                                delete m.flags;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.mode = v;
                            else
                                delete m.mode;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.address = v;
                            else
                                delete m.address;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.port = v;
                            else
                                delete m.port;
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.preamble = v;
                            else
                                delete m.preamble;
                            continue;
                        }
                    case 8: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.pipe = v;
                            else
                                delete m.pipe;
                            continue;
                        }
                    case 9: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 10: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.first = v;
                            else
                                delete m.first;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            Stdio.Kind = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "KIND_STREAM"] = 0;
                values[valuesById[1] = "KIND_IGNORE"] = 1;
                values[valuesById[2] = "KIND_FILE"] = 2;
                values[valuesById[3] = "KIND_CONNECT"] = 3;
                values[valuesById[4] = "KIND_PIPE"] = 4;
                return values;
            })();

            return Stdio;
        })();

        v1.Spec = (function() {

            const Spec = function (p) {
                this.argv = [];
                this.env = [];
                this.limits = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Spec.prototype.file = "";
            Spec.prototype.argv = $util.emptyArray;
            Spec.prototype.env = $util.emptyArray;
            Spec.prototype.cwd = "";
            Spec.prototype.stdin = null;
            Spec.prototype.stdout = null;
            Spec.prototype.stderr = null;
            Spec.prototype.lifetimeMs = 0;
            Spec.prototype.silenceMs = 0;
            Spec.prototype.killGraceMs = 0;
            Spec.prototype.window = 0;
            Spec.prototype.cwdByName = false;
            Spec.prototype.umask = null;
            Spec.prototype.limits = $util.emptyArray;
            Spec.prototype.terminal = null;
            Spec.prototype.fileAgent = false;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Spec.prototype, "_umask", {
                get: $util.oneOfGetter($oneOfFields = ["umask"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Spec.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.file != null && $Object.hasOwnProperty.call(m, "file") && m.file !== "")
                    w.uint32(10).string(m.file);
                if (m.argv != null && m.argv.length) {
                    for (var i = 0; i < m.argv.length; ++i)
                        w.uint32(18).string(m.argv[i]);
                }
                if (m.env != null && m.env.length) {
                    for (var i = 0; i < m.env.length; ++i)
                        w.uint32(26).string(m.env[i]);
                }
                if (m.cwd != null && $Object.hasOwnProperty.call(m, "cwd") && m.cwd !== "")
                    w.uint32(34).string(m.cwd);
                if (m.stdin != null && $Object.hasOwnProperty.call(m, "stdin"))
                    $root.bproc.v1.Stdio.encode(m.stdin, w.uint32(42).fork(), q + 1).ldelim();
                if (m.stdout != null && $Object.hasOwnProperty.call(m, "stdout"))
                    $root.bproc.v1.Stdio.encode(m.stdout, w.uint32(50).fork(), q + 1).ldelim();
                if (m.stderr != null && $Object.hasOwnProperty.call(m, "stderr"))
                    $root.bproc.v1.Stdio.encode(m.stderr, w.uint32(58).fork(), q + 1).ldelim();
                if (m.lifetimeMs != null && $Object.hasOwnProperty.call(m, "lifetimeMs") && (typeof m.lifetimeMs === "object" ? m.lifetimeMs.low || m.lifetimeMs.high : m.lifetimeMs !== 0))
                    w.uint32(64).uint64(m.lifetimeMs);
                if (m.silenceMs != null && $Object.hasOwnProperty.call(m, "silenceMs") && (typeof m.silenceMs === "object" ? m.silenceMs.low || m.silenceMs.high : m.silenceMs !== 0))
                    w.uint32(72).uint64(m.silenceMs);
                if (m.killGraceMs != null && $Object.hasOwnProperty.call(m, "killGraceMs") && (typeof m.killGraceMs === "object" ? m.killGraceMs.low || m.killGraceMs.high : m.killGraceMs !== 0))
                    w.uint32(80).uint64(m.killGraceMs);
                if (m.window != null && $Object.hasOwnProperty.call(m, "window") && m.window !== 0)
                    w.uint32(88).uint32(m.window);
                if (m.cwdByName != null && $Object.hasOwnProperty.call(m, "cwdByName") && m.cwdByName !== false)
                    w.uint32(96).bool(m.cwdByName);
                if (m.umask != null && $Object.hasOwnProperty.call(m, "umask"))
                    w.uint32(104).uint32(m.umask);
                if (m.limits != null && m.limits.length) {
                    for (var i = 0; i < m.limits.length; ++i)
                        $root.bproc.v1.ResourceLimit.encode(m.limits[i], w.uint32(114).fork(), q + 1).ldelim();
                }
                if (m.terminal != null && $Object.hasOwnProperty.call(m, "terminal"))
                    $root.bproc.v1.Terminal.encode(m.terminal, w.uint32(122).fork(), q + 1).ldelim();
                if (m.fileAgent != null && $Object.hasOwnProperty.call(m, "fileAgent") && m.fileAgent !== false)
                    w.uint32(200).bool(m.fileAgent);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Spec.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Spec();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.file = v;
                            else
                                delete m.file;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if (!(m.argv && m.argv.length))
                                m.argv = [];
                            m.argv.push(r.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if (!(m.env && m.env.length))
                                m.env = [];
                            m.env.push(r.stringVerify());
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.cwd = v;
                            else
                                delete m.cwd;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            m.stdin = $root.bproc.v1.Stdio.decode(r, r.size(), $undefined, q + 1, m.stdin);
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            m.stdout = $root.bproc.v1.Stdio.decode(r, r.size(), $undefined, q + 1, m.stdout);
                            continue;
                        }
                    case 7: {
                            if (u !== 2)
                                break;
                            m.stderr = $root.bproc.v1.Stdio.decode(r, r.size(), $undefined, q + 1, m.stderr);
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.lifetimeMs = v;
                            else
                                delete m.lifetimeMs;
                            continue;
                        }
                    case 9: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.silenceMs = v;
                            else
                                delete m.silenceMs;
                            continue;
                        }
                    case 10: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.killGraceMs = v;
                            else
                                delete m.killGraceMs;
                            continue;
                        }
                    case 11: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.window = v;
                            else
                                delete m.window;
                            continue;
                        }
                    case 12: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.cwdByName = v;
                            else
                                delete m.cwdByName;
                            continue;
                        }
                    case 13: {
                            if (u !== 0)
                                break;
                            m.umask = r.uint32();
                            m._umask = "umask";
                            continue;
                        }
                    case 14: {
                            if (u !== 2)
                                break;
                            if (!(m.limits && m.limits.length))
                                m.limits = [];
                            m.limits.push($root.bproc.v1.ResourceLimit.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 15: {
                            if (u !== 2)
                                break;
                            m.terminal = $root.bproc.v1.Terminal.decode(r, r.size(), $undefined, q + 1, m.terminal);
                            continue;
                        }
                    case 25: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.fileAgent = v;
                            else
                                delete m.fileAgent;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Spec;
        })();

        v1.ResourceLimit = (function() {

            const ResourceLimit = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ResourceLimit.prototype.resource = 0;
            ResourceLimit.prototype.soft = null;
            ResourceLimit.prototype.hard = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ResourceLimit.prototype, "_soft", {
                get: $util.oneOfGetter($oneOfFields = ["soft"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ResourceLimit.prototype, "_hard", {
                get: $util.oneOfGetter($oneOfFields = ["hard"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            ResourceLimit.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.resource != null && $Object.hasOwnProperty.call(m, "resource") && m.resource !== 0)
                    w.uint32(8).uint32(m.resource);
                if (m.soft != null && $Object.hasOwnProperty.call(m, "soft"))
                    w.uint32(16).uint64(m.soft);
                if (m.hard != null && $Object.hasOwnProperty.call(m, "hard"))
                    w.uint32(24).uint64(m.hard);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ResourceLimit.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ResourceLimit();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.resource = v;
                            else
                                delete m.resource;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            m.soft = r.uint64();
                            m._soft = "soft";
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            m.hard = r.uint64();
                            m._hard = "hard";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ResourceLimit;
        })();

        v1.Terminal = (function() {

            const Terminal = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Terminal.prototype.rows = 0;
            Terminal.prototype.columns = 0;

            Terminal.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.rows != null && $Object.hasOwnProperty.call(m, "rows") && m.rows !== 0)
                    w.uint32(8).uint32(m.rows);
                if (m.columns != null && $Object.hasOwnProperty.call(m, "columns") && m.columns !== 0)
                    w.uint32(16).uint32(m.columns);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Terminal.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Terminal();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.rows = v;
                            else
                                delete m.rows;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.columns = v;
                            else
                                delete m.columns;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Terminal;
        })();

        v1.Target = (function() {

            const Target = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Target.prototype.puid = $util.newBuffer([]);
            Target.prototype.node = 0;
            Target.prototype.boot = $util.newBuffer([]);
            Target.prototype.rank = 0;

            Target.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(16).sint32(m.node);
                if (m.boot != null && $Object.hasOwnProperty.call(m, "boot") && m.boot.length)
                    w.uint32(26).bytes(m.boot);
                if (m.rank != null && $Object.hasOwnProperty.call(m, "rank") && m.rank !== 0)
                    w.uint32(32).uint32(m.rank);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Target.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Target();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.boot = v;
                            else
                                delete m.boot;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.rank = v;
                            else
                                delete m.rank;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Target;
        })();

        v1.Outfit = (function() {

            const Outfit = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Outfit.prototype.service = "";
            Outfit.prototype.body = $util.newBuffer([]);

            Outfit.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.service != null && $Object.hasOwnProperty.call(m, "service") && m.service !== "")
                    w.uint32(10).string(m.service);
                if (m.body != null && $Object.hasOwnProperty.call(m, "body") && m.body.length)
                    w.uint32(18).bytes(m.body);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Outfit.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Outfit();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.service = v;
                            else
                                delete m.service;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.body = v;
                            else
                                delete m.body;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Outfit;
        })();

        v1.Start = (function() {

            const Start = function (p) {
                this.targets = [];
                this.gids = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Start.prototype.targets = $util.emptyArray;
            Start.prototype.spec = $util.newBuffer([]);
            Start.prototype.detached = false;
            Start.prototype.lostAfterMs = 0;
            Start.prototype.client = $util.newBuffer([]);
            Start.prototype.uid = 0;
            Start.prototype.command = "";
            Start.prototype.repeated = false;
            Start.prototype.gids = $util.emptyArray;
            Start.prototype.user = "";
            Start.prototype.image = $util.newBuffer([]);
            Start.prototype.imageBytes = 0;
            Start.prototype.gang = false;
            Start.prototype.launcher = "";
            Start.prototype.copyOf = 0;
            Start.prototype.restartFrom = "";
            Start.prototype.outfit = null;
            Start.prototype.bytesPerSecond = 0;
            Start.prototype.progress = false;

            Start.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.targets != null && m.targets.length) {
                    for (var i = 0; i < m.targets.length; ++i)
                        $root.bproc.v1.Target.encode(m.targets[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.spec != null && $Object.hasOwnProperty.call(m, "spec") && m.spec.length)
                    w.uint32(18).bytes(m.spec);
                if (m.detached != null && $Object.hasOwnProperty.call(m, "detached") && m.detached !== false)
                    w.uint32(24).bool(m.detached);
                if (m.lostAfterMs != null && $Object.hasOwnProperty.call(m, "lostAfterMs") && (typeof m.lostAfterMs === "object" ? m.lostAfterMs.low || m.lostAfterMs.high : m.lostAfterMs !== 0))
                    w.uint32(32).uint64(m.lostAfterMs);
                if (m.client != null && $Object.hasOwnProperty.call(m, "client") && m.client.length)
                    w.uint32(42).bytes(m.client);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(48).uint32(m.uid);
                if (m.command != null && $Object.hasOwnProperty.call(m, "command") && m.command !== "")
                    w.uint32(58).string(m.command);
                if (m.repeated != null && $Object.hasOwnProperty.call(m, "repeated") && m.repeated !== false)
                    w.uint32(64).bool(m.repeated);
                if (m.gids != null && m.gids.length) {
                    w.uint32(74).uint32s(m.gids);
                }
                if (m.user != null && $Object.hasOwnProperty.call(m, "user") && m.user !== "")
                    w.uint32(82).string(m.user);
                if (m.image != null && $Object.hasOwnProperty.call(m, "image") && m.image.length)
                    w.uint32(90).bytes(m.image);
                if (m.imageBytes != null && $Object.hasOwnProperty.call(m, "imageBytes") && (typeof m.imageBytes === "object" ? m.imageBytes.low || m.imageBytes.high : m.imageBytes !== 0))
                    w.uint32(96).uint64(m.imageBytes);
                if (m.gang != null && $Object.hasOwnProperty.call(m, "gang") && m.gang !== false)
                    w.uint32(104).bool(m.gang);
                if (m.launcher != null && $Object.hasOwnProperty.call(m, "launcher") && m.launcher !== "")
                    w.uint32(162).string(m.launcher);
                if (m.copyOf != null && $Object.hasOwnProperty.call(m, "copyOf") && m.copyOf !== 0)
                    w.uint32(168).uint32(m.copyOf);
                if (m.restartFrom != null && $Object.hasOwnProperty.call(m, "restartFrom") && m.restartFrom !== "")
                    w.uint32(178).string(m.restartFrom);
                if (m.bytesPerSecond != null && $Object.hasOwnProperty.call(m, "bytesPerSecond") && (typeof m.bytesPerSecond === "object" ? m.bytesPerSecond.low || m.bytesPerSecond.high : m.bytesPerSecond !== 0))
                    w.uint32(632).uint64(m.bytesPerSecond);
                if (m.progress != null && $Object.hasOwnProperty.call(m, "progress") && m.progress !== false)
                    w.uint32(640).bool(m.progress);
                if (m.outfit != null && $Object.hasOwnProperty.call(m, "outfit"))
                    $root.bproc.v1.Outfit.encode(m.outfit, w.uint32(802).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Start.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Start();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.targets && m.targets.length))
                                m.targets = [];
                            m.targets.push($root.bproc.v1.Target.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.spec = v;
                            else
                                delete m.spec;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.detached = v;
                            else
                                delete m.detached;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.lostAfterMs = v;
                            else
                                delete m.lostAfterMs;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.client = v;
                            else
                                delete m.client;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    case 7: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.command = v;
                            else
                                delete m.command;
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.repeated = v;
                            else
                                delete m.repeated;
                            continue;
                        }
                    case 9: {
                            if (u === 2) {
                                if (!(m.gids && m.gids.length))
                                    m.gids = [];
                                r.uint32s(m.gids);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.gids && m.gids.length))
                                m.gids = [];
                            m.gids.push(r.uint32());
                            continue;
                        }
                    case 10: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.user = v;
                            else
                                delete m.user;
                            continue;
                        }
                    case 11: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.image = v;
                            else
                                delete m.image;
                            continue;
                        }
                    case 12: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.imageBytes = v;
                            else
                                delete m.imageBytes;
                            continue;
                        }
                    case 13: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.gang = v;
                            else
                                delete m.gang;
                            continue;
                        }
                    case 20: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.launcher = v;
                            else
                                delete m.launcher;
                            continue;
                        }
                    case 21: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.copyOf = v;
                            else
                                delete m.copyOf;
                            continue;
                        }
                    case 22: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.restartFrom = v;
                            else
                                delete m.restartFrom;
                            continue;
                        }
                    case 100: {
                            if (u !== 2)
                                break;
                            m.outfit = $root.bproc.v1.Outfit.decode(r, r.size(), $undefined, q + 1, m.outfit);
                            continue;
                        }
                    case 79: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.bytesPerSecond = v;
                            else
                                delete m.bytesPerSecond;
                            continue;
                        }
                    case 80: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.progress = v;
                            else
                                delete m.progress;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Start;
        })();

        v1.Started = (function() {

            const Started = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Started.prototype.puid = $util.newBuffer([]);
            Started.prototype.pid = 0;
            Started.prototype.node = 0;
            Started.prototype.localPid = 0;
            Started.prototype.startTime = 0;
            Started.prototype.stdinWindow = 0;
            Started.prototype.mapped = false;

            Started.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(16).uint32(m.pid);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(24).sint32(m.node);
                if (m.localPid != null && $Object.hasOwnProperty.call(m, "localPid") && m.localPid !== 0)
                    w.uint32(32).uint32(m.localPid);
                if (m.startTime != null && $Object.hasOwnProperty.call(m, "startTime") && (typeof m.startTime === "object" ? m.startTime.low || m.startTime.high : m.startTime !== 0))
                    w.uint32(40).uint64(m.startTime);
                if (m.stdinWindow != null && $Object.hasOwnProperty.call(m, "stdinWindow") && m.stdinWindow !== 0)
                    w.uint32(48).uint32(m.stdinWindow);
                if (m.mapped != null && $Object.hasOwnProperty.call(m, "mapped") && m.mapped !== false)
                    w.uint32(56).bool(m.mapped);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Started.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Started();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.localPid = v;
                            else
                                delete m.localPid;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.startTime = v;
                            else
                                delete m.startTime;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.stdinWindow = v;
                            else
                                delete m.stdinWindow;
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.mapped = v;
                            else
                                delete m.mapped;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Started;
        })();

        v1.StartFailed = (function() {

            const StartFailed = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            StartFailed.prototype.puid = $util.newBuffer([]);
            StartFailed.prototype.failure = null;

            StartFailed.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.failure != null && $Object.hasOwnProperty.call(m, "failure"))
                    $root.bproc.v1.Failure.encode(m.failure, w.uint32(18).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            StartFailed.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.StartFailed();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            m.failure = $root.bproc.v1.Failure.decode(r, r.size(), $undefined, q + 1, m.failure);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return StartFailed;
        })();

        v1.BootMiss = (function() {

            const BootMiss = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            BootMiss.prototype.puid = $util.newBuffer([]);
            BootMiss.prototype.node = 0;
            BootMiss.prototype.boot = $util.newBuffer([]);

            BootMiss.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(16).sint32(m.node);
                if (m.boot != null && $Object.hasOwnProperty.call(m, "boot") && m.boot.length)
                    w.uint32(26).bytes(m.boot);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            BootMiss.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.BootMiss();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.boot = v;
                            else
                                delete m.boot;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return BootMiss;
        })();

        v1.Cancel = (function() {

            const Cancel = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Cancel.prototype.puid = $util.newBuffer([]);
            Cancel.prototype.node = 0;
            Cancel.prototype.boot = $util.newBuffer([]);

            Cancel.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(16).sint32(m.node);
                if (m.boot != null && $Object.hasOwnProperty.call(m, "boot") && m.boot.length)
                    w.uint32(26).bytes(m.boot);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Cancel.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Cancel();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.boot = v;
                            else
                                delete m.boot;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Cancel;
        })();

        v1.Cancelled = (function() {

            const Cancelled = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Cancelled.prototype.puid = $util.newBuffer([]);

            Cancelled.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Cancelled.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Cancelled();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Cancelled;
        })();

        v1.ProcessState = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "PROCESS_STATE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "PROCESS_STATE_STARTING"] = 1;
            values[valuesById[2] = "PROCESS_STATE_RUNNING"] = 2;
            values[valuesById[3] = "PROCESS_STATE_STOPPED"] = 3;
            values[valuesById[4] = "PROCESS_STATE_EXITED"] = 4;
            values[valuesById[5] = "PROCESS_STATE_UNKNOWN"] = 5;
            return values;
        })();

        v1.Change = (function() {

            const Change = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Change.prototype.puid = $util.newBuffer([]);
            Change.prototype.pid = 0;
            Change.prototype.state = 0;
            Change.prototype.reattached = false;

            Change.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(16).uint32(m.pid);
                if (m.state != null && $Object.hasOwnProperty.call(m, "state") && m.state !== 0)
                    w.uint32(24).int32(m.state);
                if (m.reattached != null && $Object.hasOwnProperty.call(m, "reattached") && m.reattached !== false)
                    w.uint32(32).bool(m.reattached);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Change.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Change();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.state = v;
                            else
                                delete m.state;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.reattached = v;
                            else
                                delete m.reattached;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Change;
        })();

        v1.End = (function() {

            const End = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            End.prototype.kind = 0;
            End.prototype.code = 0;
            End.prototype.signal = 0;
            End.prototype.core = false;
            End.prototype.reason = "";
            End.prototype.checkpointed = false;

            End.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.kind != null && $Object.hasOwnProperty.call(m, "kind") && m.kind !== 0)
                    w.uint32(8).int32(m.kind);
                if (m.code != null && $Object.hasOwnProperty.call(m, "code") && m.code !== 0)
                    w.uint32(16).uint32(m.code);
                if (m.signal != null && $Object.hasOwnProperty.call(m, "signal") && m.signal !== 0)
                    w.uint32(24).uint32(m.signal);
                if (m.core != null && $Object.hasOwnProperty.call(m, "core") && m.core !== false)
                    w.uint32(32).bool(m.core);
                if (m.reason != null && $Object.hasOwnProperty.call(m, "reason") && m.reason !== "")
                    w.uint32(42).string(m.reason);
                if (m.checkpointed != null && $Object.hasOwnProperty.call(m, "checkpointed") && m.checkpointed !== false)
                    w.uint32(48).bool(m.checkpointed);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            End.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.End();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.kind = v;
                            else
                                delete m.kind;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.code = v;
                            else
                                delete m.code;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.signal = v;
                            else
                                delete m.signal;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.core = v;
                            else
                                delete m.core;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.reason = v;
                            else
                                delete m.reason;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.checkpointed = v;
                            else
                                delete m.checkpointed;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            End.Kind = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "KIND_UNSPECIFIED"] = 0;
                values[valuesById[1] = "KIND_EXITED"] = 1;
                values[valuesById[2] = "KIND_SIGNALED"] = 2;
                values[valuesById[3] = "KIND_LOST"] = 3;
                values[valuesById[4] = "KIND_LIFETIME"] = 4;
                values[valuesById[5] = "KIND_SILENCE"] = 5;
                return values;
            })();

            return End;
        })();

        v1.Ended = (function() {

            const Ended = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Ended.prototype.puid = $util.newBuffer([]);
            Ended.prototype.pid = 0;
            Ended.prototype.end = null;
            Ended.prototype.stdoutBytes = 0;
            Ended.prototype.stderrBytes = 0;
            Ended.prototype.node = 0;

            Ended.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(16).uint32(m.pid);
                if (m.end != null && $Object.hasOwnProperty.call(m, "end"))
                    $root.bproc.v1.End.encode(m.end, w.uint32(26).fork(), q + 1).ldelim();
                if (m.stdoutBytes != null && $Object.hasOwnProperty.call(m, "stdoutBytes") && (typeof m.stdoutBytes === "object" ? m.stdoutBytes.low || m.stdoutBytes.high : m.stdoutBytes !== 0))
                    w.uint32(32).uint64(m.stdoutBytes);
                if (m.stderrBytes != null && $Object.hasOwnProperty.call(m, "stderrBytes") && (typeof m.stderrBytes === "object" ? m.stderrBytes.low || m.stderrBytes.high : m.stderrBytes !== 0))
                    w.uint32(40).uint64(m.stderrBytes);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(48).sint32(m.node);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Ended.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Ended();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            m.end = $root.bproc.v1.End.decode(r, r.size(), $undefined, q + 1, m.end);
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.stdoutBytes = v;
                            else
                                delete m.stdoutBytes;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.stderrBytes = v;
                            else
                                delete m.stderrBytes;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Ended;
        })();

        v1.EndAck = (function() {

            const EndAck = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            EndAck.prototype.puid = $util.newBuffer([]);
            EndAck.prototype.number = 0;

            EndAck.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            EndAck.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.EndAck();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return EndAck;
        })();

        v1.ClientGone = (function() {

            const ClientGone = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ClientGone.prototype.client = $util.newBuffer([]);

            ClientGone.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.client != null && $Object.hasOwnProperty.call(m, "client") && m.client.length)
                    w.uint32(10).bytes(m.client);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ClientGone.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ClientGone();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.client = v;
                            else
                                delete m.client;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ClientGone;
        })();

        v1.ProcessReport = (function() {

            const ProcessReport = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ProcessReport.prototype.puid = $util.newBuffer([]);
            ProcessReport.prototype.pid = 0;
            ProcessReport.prototype.localPid = 0;
            ProcessReport.prototype.startTime = 0;
            ProcessReport.prototype.state = 0;
            ProcessReport.prototype.client = $util.newBuffer([]);
            ProcessReport.prototype.uid = 0;
            ProcessReport.prototype.detached = false;
            ProcessReport.prototype.command = "";
            ProcessReport.prototype.startedAt = 0;
            ProcessReport.prototype.ended = null;
            ProcessReport.prototype.lostAfterMs = 0;
            ProcessReport.prototype.mapped = false;
            ProcessReport.prototype.moves = 0;

            ProcessReport.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(16).uint32(m.pid);
                if (m.localPid != null && $Object.hasOwnProperty.call(m, "localPid") && m.localPid !== 0)
                    w.uint32(24).uint32(m.localPid);
                if (m.startTime != null && $Object.hasOwnProperty.call(m, "startTime") && (typeof m.startTime === "object" ? m.startTime.low || m.startTime.high : m.startTime !== 0))
                    w.uint32(32).uint64(m.startTime);
                if (m.state != null && $Object.hasOwnProperty.call(m, "state") && m.state !== 0)
                    w.uint32(40).int32(m.state);
                if (m.client != null && $Object.hasOwnProperty.call(m, "client") && m.client.length)
                    w.uint32(50).bytes(m.client);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(56).uint32(m.uid);
                if (m.detached != null && $Object.hasOwnProperty.call(m, "detached") && m.detached !== false)
                    w.uint32(64).bool(m.detached);
                if (m.command != null && $Object.hasOwnProperty.call(m, "command") && m.command !== "")
                    w.uint32(74).string(m.command);
                if (m.startedAt != null && $Object.hasOwnProperty.call(m, "startedAt") && (typeof m.startedAt === "object" ? m.startedAt.low || m.startedAt.high : m.startedAt !== 0))
                    w.uint32(80).uint64(m.startedAt);
                if (m.ended != null && $Object.hasOwnProperty.call(m, "ended"))
                    $root.bproc.v1.Ended.encode(m.ended, w.uint32(90).fork(), q + 1).ldelim();
                if (m.lostAfterMs != null && $Object.hasOwnProperty.call(m, "lostAfterMs") && (typeof m.lostAfterMs === "object" ? m.lostAfterMs.low || m.lostAfterMs.high : m.lostAfterMs !== 0))
                    w.uint32(96).uint64(m.lostAfterMs);
                if (m.mapped != null && $Object.hasOwnProperty.call(m, "mapped") && m.mapped !== false)
                    w.uint32(104).bool(m.mapped);
                if (m.moves != null && $Object.hasOwnProperty.call(m, "moves") && m.moves !== 0)
                    w.uint32(112).uint32(m.moves);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ProcessReport.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ProcessReport();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.localPid = v;
                            else
                                delete m.localPid;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.startTime = v;
                            else
                                delete m.startTime;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.state = v;
                            else
                                delete m.state;
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.client = v;
                            else
                                delete m.client;
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.detached = v;
                            else
                                delete m.detached;
                            continue;
                        }
                    case 9: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.command = v;
                            else
                                delete m.command;
                            continue;
                        }
                    case 10: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.startedAt = v;
                            else
                                delete m.startedAt;
                            continue;
                        }
                    case 11: {
                            if (u !== 2)
                                break;
                            m.ended = $root.bproc.v1.Ended.decode(r, r.size(), $undefined, q + 1, m.ended);
                            continue;
                        }
                    case 12: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.lostAfterMs = v;
                            else
                                delete m.lostAfterMs;
                            continue;
                        }
                    case 13: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.mapped = v;
                            else
                                delete m.mapped;
                            continue;
                        }
                    case 14: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.moves = v;
                            else
                                delete m.moves;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ProcessReport;
        })();

        v1.Inventory = (function() {

            const Inventory = function (p) {
                this.processes = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Inventory.prototype.processes = $util.emptyArray;
            Inventory.prototype.last = false;

            Inventory.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.processes != null && m.processes.length) {
                    for (var i = 0; i < m.processes.length; ++i)
                        $root.bproc.v1.ProcessReport.encode(m.processes[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.last != null && $Object.hasOwnProperty.call(m, "last") && m.last !== false)
                    w.uint32(16).bool(m.last);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Inventory.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Inventory();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.processes && m.processes.length))
                                m.processes = [];
                            m.processes.push($root.bproc.v1.ProcessReport.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.last = v;
                            else
                                delete m.last;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Inventory;
        })();

        v1.Claim = (function() {

            const Claim = function (p) {
                this.entries = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Claim.prototype.entries = $util.emptyArray;
            Claim.prototype.last = false;

            Claim.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.entries != null && m.entries.length) {
                    for (var i = 0; i < m.entries.length; ++i)
                        $root.bproc.v1.Claim.Entry.encode(m.entries[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.last != null && $Object.hasOwnProperty.call(m, "last") && m.last !== false)
                    w.uint32(16).bool(m.last);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Claim.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Claim();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.entries && m.entries.length))
                                m.entries = [];
                            m.entries.push($root.bproc.v1.Claim.Entry.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.last = v;
                            else
                                delete m.last;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            Claim.Entry = (function() {

                const Entry = function (p) {
                    if (p)
                        for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                            if (p[ks[i]] != null && ks[i] !== "__proto__")
                                this[ks[i]] = p[ks[i]];
                };

                Entry.prototype.puid = $util.newBuffer([]);
                Entry.prototype.node = 0;
                Entry.prototype.boot = $util.newBuffer([]);
                Entry.prototype.pid = 0;
                Entry.prototype.user = "";

                Entry.encode = function (m, w, q) {
                    if (!w)
                        w = $Writer.create();
                    if (q === $undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                        w.uint32(10).bytes(m.puid);
                    if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                        w.uint32(16).sint32(m.node);
                    if (m.boot != null && $Object.hasOwnProperty.call(m, "boot") && m.boot.length)
                        w.uint32(26).bytes(m.boot);
                    if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                        w.uint32(32).uint32(m.pid);
                    if (m.user != null && $Object.hasOwnProperty.call(m, "user") && m.user !== "")
                        w.uint32(42).string(m.user);
                    if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                        for (var i = 0; i < m.$unknowns.length; ++i)
                            w.raw(m.$unknowns[i]);
                    return w;
                };

                Entry.decode = function (r, l, z, q, g) {
                    if (!(r instanceof $Reader))
                        r = $Reader.create(r);
                    if (q === $undefined)
                        q = 0;
                    if (q > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    var c, m, v;
                    if (l === $undefined)
                        c = r.len;
                    else {
                        c = r.pos + l;
                        if (c > r.len)
                            throw $RangeError("index out of range");
                        l = r.len;
                        r.len = c;
                    }
                    m = g || new $root.bproc.v1.Claim.Entry();
                    while (r.pos < c) {
                        var s = r.pos;
                        var t = r.tag();
                        if (t === z) {
                            z = $undefined;
                            break;
                        }
                        var u = t & 7;
                        switch (t >>>= 3) {
                        case 1: {
                                if (u !== 2)
                                    break;
                                if ((v = r.bytes()).length)
                                    m.puid = v;
                                else
                                    delete m.puid;
                                continue;
                            }
                        case 2: {
                                if (u !== 0)
                                    break;
                                if (v = r.sint32())
                                    m.node = v;
                                else
                                    delete m.node;
                                continue;
                            }
                        case 3: {
                                if (u !== 2)
                                    break;
                                if ((v = r.bytes()).length)
                                    m.boot = v;
                                else
                                    delete m.boot;
                                continue;
                            }
                        case 4: {
                                if (u !== 0)
                                    break;
                                if (v = r.uint32())
                                    m.pid = v;
                                else
                                    delete m.pid;
                                continue;
                            }
                        case 5: {
                                if (u !== 2)
                                    break;
                                if ((v = r.stringVerify()).length)
                                    m.user = v;
                                else
                                    delete m.user;
                                continue;
                            }
                        }
                        r.skipType(u, q, t);
                        if (!r.discardUnknown) {
                            $util.makeProp(m, "$unknowns", false);
                            (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                        }
                    }
                    if (l !== $undefined) {
                        if (r.pos !== c)
                            throw $RangeError("index out of range");
                        r.len = l;
                    }
                    if (z !== $undefined)
                        throw $Error("missing end group");
                    return m;
                };

                return Entry;
            })();

            return Claim;
        })();

        v1.Join = (function() {

            const Join = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Join.prototype.request = $util.newBuffer([]);
            Join.prototype.token = "";
            Join.prototype.secret = $util.newBuffer([]);
            Join.prototype.role = 0;
            Join.prototype.node = null;
            Join.prototype.address = "";

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Join.prototype, "_node", {
                get: $util.oneOfGetter($oneOfFields = ["node"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Join.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.request != null && $Object.hasOwnProperty.call(m, "request") && m.request.length)
                    w.uint32(10).bytes(m.request);
                if (m.token != null && $Object.hasOwnProperty.call(m, "token") && m.token !== "")
                    w.uint32(18).string(m.token);
                if (m.secret != null && $Object.hasOwnProperty.call(m, "secret") && m.secret.length)
                    w.uint32(26).bytes(m.secret);
                if (m.role != null && $Object.hasOwnProperty.call(m, "role") && m.role !== 0)
                    w.uint32(32).int32(m.role);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    w.uint32(40).sint32(m.node);
                if (m.address != null && $Object.hasOwnProperty.call(m, "address") && m.address !== "")
                    w.uint32(50).string(m.address);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Join.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Join();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.request = v;
                            else
                                delete m.request;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.token = v;
                            else
                                delete m.token;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.secret = v;
                            else
                                delete m.secret;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.role = v;
                            else
                                delete m.role;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            m.node = r.sint32();
                            m._node = "node";
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.address = v;
                            else
                                delete m.address;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Join;
        })();

        v1.Joined = (function() {

            const Joined = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Joined.prototype.failure = null;
            Joined.prototype.certificate = $util.newBuffer([]);
            Joined.prototype.authority = $util.newBuffer([]);
            Joined.prototype.pending = "";

            Joined.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.failure != null && $Object.hasOwnProperty.call(m, "failure"))
                    $root.bproc.v1.Failure.encode(m.failure, w.uint32(10).fork(), q + 1).ldelim();
                if (m.certificate != null && $Object.hasOwnProperty.call(m, "certificate") && m.certificate.length)
                    w.uint32(18).bytes(m.certificate);
                if (m.authority != null && $Object.hasOwnProperty.call(m, "authority") && m.authority.length)
                    w.uint32(26).bytes(m.authority);
                if (m.pending != null && $Object.hasOwnProperty.call(m, "pending") && m.pending !== "")
                    w.uint32(34).string(m.pending);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Joined.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Joined();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            m.failure = $root.bproc.v1.Failure.decode(r, r.size(), $undefined, q + 1, m.failure);
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.certificate = v;
                            else
                                delete m.certificate;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.authority = v;
                            else
                                delete m.authority;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.pending = v;
                            else
                                delete m.pending;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Joined;
        })();

        v1.CreateToken = (function() {

            const CreateToken = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            CreateToken.prototype.ttlMs = 0;
            CreateToken.prototype.role = 0;
            CreateToken.prototype.node = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(CreateToken.prototype, "_node", {
                get: $util.oneOfGetter($oneOfFields = ["node"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            CreateToken.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.ttlMs != null && $Object.hasOwnProperty.call(m, "ttlMs") && (typeof m.ttlMs === "object" ? m.ttlMs.low || m.ttlMs.high : m.ttlMs !== 0))
                    w.uint32(8).uint64(m.ttlMs);
                if (m.role != null && $Object.hasOwnProperty.call(m, "role") && m.role !== 0)
                    w.uint32(16).int32(m.role);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    w.uint32(24).sint32(m.node);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            CreateToken.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.CreateToken();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.ttlMs = v;
                            else
                                delete m.ttlMs;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.role = v;
                            else
                                delete m.role;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            m.node = r.sint32();
                            m._node = "node";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return CreateToken;
        })();

        v1.Token = (function() {

            const Token = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Token.prototype.text = "";
            Token.prototype.expiresAt = 0;

            Token.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.text != null && $Object.hasOwnProperty.call(m, "text") && m.text !== "")
                    w.uint32(10).string(m.text);
                if (m.expiresAt != null && $Object.hasOwnProperty.call(m, "expiresAt") && (typeof m.expiresAt === "object" ? m.expiresAt.low || m.expiresAt.high : m.expiresAt !== 0))
                    w.uint32(16).uint64(m.expiresAt);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Token.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Token();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.text = v;
                            else
                                delete m.text;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.expiresAt = v;
                            else
                                delete m.expiresAt;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Token;
        })();

        v1.ListApplicants = (function() {

            const ListApplicants = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ListApplicants.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ListApplicants.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ListApplicants();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    r.skipType(t & 7, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ListApplicants;
        })();

        v1.Applicant = (function() {

            const Applicant = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Applicant.prototype.id = "";
            Applicant.prototype.peer = "";
            Applicant.prototype.address = "";
            Applicant.prototype.role = 0;
            Applicant.prototype.node = null;
            Applicant.prototype.since = 0;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Applicant.prototype, "_node", {
                get: $util.oneOfGetter($oneOfFields = ["node"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Applicant.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id !== "")
                    w.uint32(10).string(m.id);
                if (m.peer != null && $Object.hasOwnProperty.call(m, "peer") && m.peer !== "")
                    w.uint32(18).string(m.peer);
                if (m.address != null && $Object.hasOwnProperty.call(m, "address") && m.address !== "")
                    w.uint32(26).string(m.address);
                if (m.role != null && $Object.hasOwnProperty.call(m, "role") && m.role !== 0)
                    w.uint32(32).int32(m.role);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    w.uint32(40).sint32(m.node);
                if (m.since != null && $Object.hasOwnProperty.call(m, "since") && (typeof m.since === "object" ? m.since.low || m.since.high : m.since !== 0))
                    w.uint32(48).uint64(m.since);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Applicant.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Applicant();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.id = v;
                            else
                                delete m.id;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.peer = v;
                            else
                                delete m.peer;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.address = v;
                            else
                                delete m.address;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.role = v;
                            else
                                delete m.role;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            m.node = r.sint32();
                            m._node = "node";
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.since = v;
                            else
                                delete m.since;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Applicant;
        })();

        v1.ApplicantList = (function() {

            const ApplicantList = function (p) {
                this.applicants = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ApplicantList.prototype.applicants = $util.emptyArray;

            ApplicantList.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.applicants != null && m.applicants.length) {
                    for (var i = 0; i < m.applicants.length; ++i)
                        $root.bproc.v1.Applicant.encode(m.applicants[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ApplicantList.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ApplicantList();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.applicants && m.applicants.length))
                                m.applicants = [];
                            m.applicants.push($root.bproc.v1.Applicant.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ApplicantList;
        })();

        v1.Approve = (function() {

            const Approve = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Approve.prototype.id = "";
            Approve.prototype.node = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Approve.prototype, "_node", {
                get: $util.oneOfGetter($oneOfFields = ["node"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Approve.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id !== "")
                    w.uint32(10).string(m.id);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    w.uint32(16).sint32(m.node);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Approve.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Approve();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.id = v;
                            else
                                delete m.id;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            m.node = r.sint32();
                            m._node = "node";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Approve;
        })();

        v1.Revoke = (function() {

            const Revoke = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Revoke.prototype.serial = "";
            Revoke.prototype.node = null;
            Revoke.prototype.uid = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Revoke.prototype, "_node", {
                get: $util.oneOfGetter($oneOfFields = ["node"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Revoke.prototype, "_uid", {
                get: $util.oneOfGetter($oneOfFields = ["uid"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Revoke.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.serial != null && $Object.hasOwnProperty.call(m, "serial") && m.serial !== "")
                    w.uint32(10).string(m.serial);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    w.uint32(16).sint32(m.node);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid"))
                    w.uint32(24).uint32(m.uid);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Revoke.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Revoke();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.serial = v;
                            else
                                delete m.serial;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            m.node = r.sint32();
                            m._node = "node";
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            m.uid = r.uint32();
                            m._uid = "uid";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Revoke;
        })();

        v1.Revoked = (function() {

            const Revoked = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Revoked.prototype.count = 0;

            Revoked.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.count != null && $Object.hasOwnProperty.call(m, "count") && m.count !== 0)
                    w.uint32(8).uint32(m.count);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Revoked.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Revoked();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.count = v;
                            else
                                delete m.count;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Revoked;
        })();

        v1.ListCertificates = (function() {

            const ListCertificates = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ListCertificates.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ListCertificates.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ListCertificates();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    r.skipType(t & 7, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ListCertificates;
        })();

        v1.CertificateRecord = (function() {

            const CertificateRecord = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            CertificateRecord.prototype.serial = "";
            CertificateRecord.prototype.subject = "";
            CertificateRecord.prototype.issuedAt = 0;
            CertificateRecord.prototype.notAfter = 0;
            CertificateRecord.prototype.revoked = false;

            CertificateRecord.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.serial != null && $Object.hasOwnProperty.call(m, "serial") && m.serial !== "")
                    w.uint32(10).string(m.serial);
                if (m.subject != null && $Object.hasOwnProperty.call(m, "subject") && m.subject !== "")
                    w.uint32(18).string(m.subject);
                if (m.issuedAt != null && $Object.hasOwnProperty.call(m, "issuedAt") && (typeof m.issuedAt === "object" ? m.issuedAt.low || m.issuedAt.high : m.issuedAt !== 0))
                    w.uint32(24).uint64(m.issuedAt);
                if (m.notAfter != null && $Object.hasOwnProperty.call(m, "notAfter") && (typeof m.notAfter === "object" ? m.notAfter.low || m.notAfter.high : m.notAfter !== 0))
                    w.uint32(32).uint64(m.notAfter);
                if (m.revoked != null && $Object.hasOwnProperty.call(m, "revoked") && m.revoked !== false)
                    w.uint32(40).bool(m.revoked);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            CertificateRecord.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.CertificateRecord();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.serial = v;
                            else
                                delete m.serial;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.subject = v;
                            else
                                delete m.subject;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.issuedAt = v;
                            else
                                delete m.issuedAt;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.notAfter = v;
                            else
                                delete m.notAfter;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.revoked = v;
                            else
                                delete m.revoked;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return CertificateRecord;
        })();

        v1.CertificateList = (function() {

            const CertificateList = function (p) {
                this.certificates = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            CertificateList.prototype.certificates = $util.emptyArray;

            CertificateList.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.certificates != null && m.certificates.length) {
                    for (var i = 0; i < m.certificates.length; ++i)
                        $root.bproc.v1.CertificateRecord.encode(m.certificates[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            CertificateList.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.CertificateList();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.certificates && m.certificates.length))
                                m.certificates = [];
                            m.certificates.push($root.bproc.v1.CertificateRecord.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return CertificateList;
        })();

        v1.Login = (function() {

            const Login = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Login.prototype.request = $util.newBuffer([]);
            Login.prototype.ttlMs = 0;

            Login.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.request != null && $Object.hasOwnProperty.call(m, "request") && m.request.length)
                    w.uint32(10).bytes(m.request);
                if (m.ttlMs != null && $Object.hasOwnProperty.call(m, "ttlMs") && (typeof m.ttlMs === "object" ? m.ttlMs.low || m.ttlMs.high : m.ttlMs !== 0))
                    w.uint32(16).uint64(m.ttlMs);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Login.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Login();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.request = v;
                            else
                                delete m.request;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.ttlMs = v;
                            else
                                delete m.ttlMs;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Login;
        })();

        v1.Manifest = (function() {

            const Manifest = function (p) {
                this.entries = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Manifest.prototype.program = "";
            Manifest.prototype.entries = $util.emptyArray;

            Manifest.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.program != null && $Object.hasOwnProperty.call(m, "program") && m.program !== "")
                    w.uint32(10).string(m.program);
                if (m.entries != null && m.entries.length) {
                    for (var i = 0; i < m.entries.length; ++i)
                        $root.bproc.v1.Manifest.Entry.encode(m.entries[i], w.uint32(18).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Manifest.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Manifest();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.program = v;
                            else
                                delete m.program;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if (!(m.entries && m.entries.length))
                                m.entries = [];
                            m.entries.push($root.bproc.v1.Manifest.Entry.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            Manifest.Entry = (function() {

                const Entry = function (p) {
                    if (p)
                        for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                            if (p[ks[i]] != null && ks[i] !== "__proto__")
                                this[ks[i]] = p[ks[i]];
                };

                Entry.prototype.path = "";
                Entry.prototype.blob = $util.newBuffer([]);
                Entry.prototype.size = 0;
                Entry.prototype.mode = 0;
                Entry.prototype.target = "";

                Entry.encode = function (m, w, q) {
                    if (!w)
                        w = $Writer.create();
                    if (q === $undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (m.path != null && $Object.hasOwnProperty.call(m, "path") && m.path !== "")
                        w.uint32(10).string(m.path);
                    if (m.blob != null && $Object.hasOwnProperty.call(m, "blob") && m.blob.length)
                        w.uint32(18).bytes(m.blob);
                    if (m.size != null && $Object.hasOwnProperty.call(m, "size") && (typeof m.size === "object" ? m.size.low || m.size.high : m.size !== 0))
                        w.uint32(24).uint64(m.size);
                    if (m.mode != null && $Object.hasOwnProperty.call(m, "mode") && m.mode !== 0)
                        w.uint32(32).uint32(m.mode);
                    if (m.target != null && $Object.hasOwnProperty.call(m, "target") && m.target !== "")
                        w.uint32(42).string(m.target);
                    if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                        for (var i = 0; i < m.$unknowns.length; ++i)
                            w.raw(m.$unknowns[i]);
                    return w;
                };

                Entry.decode = function (r, l, z, q, g) {
                    if (!(r instanceof $Reader))
                        r = $Reader.create(r);
                    if (q === $undefined)
                        q = 0;
                    if (q > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    var c, m, v;
                    if (l === $undefined)
                        c = r.len;
                    else {
                        c = r.pos + l;
                        if (c > r.len)
                            throw $RangeError("index out of range");
                        l = r.len;
                        r.len = c;
                    }
                    m = g || new $root.bproc.v1.Manifest.Entry();
                    while (r.pos < c) {
                        var s = r.pos;
                        var t = r.tag();
                        if (t === z) {
                            z = $undefined;
                            break;
                        }
                        var u = t & 7;
                        switch (t >>>= 3) {
                        case 1: {
                                if (u !== 2)
                                    break;
                                if ((v = r.stringVerify()).length)
                                    m.path = v;
                                else
                                    delete m.path;
                                continue;
                            }
                        case 2: {
                                if (u !== 2)
                                    break;
                                if ((v = r.bytes()).length)
                                    m.blob = v;
                                else
                                    delete m.blob;
                                continue;
                            }
                        case 3: {
                                if (u !== 0)
                                    break;
                                if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                    m.size = v;
                                else
                                    delete m.size;
                                continue;
                            }
                        case 4: {
                                if (u !== 0)
                                    break;
                                if (v = r.uint32())
                                    m.mode = v;
                                else
                                    delete m.mode;
                                continue;
                            }
                        case 5: {
                                if (u !== 2)
                                    break;
                                if ((v = r.stringVerify()).length)
                                    m.target = v;
                                else
                                    delete m.target;
                                continue;
                            }
                        }
                        r.skipType(u, q, t);
                        if (!r.discardUnknown) {
                            $util.makeProp(m, "$unknowns", false);
                            (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                        }
                    }
                    if (l !== $undefined) {
                        if (r.pos !== c)
                            throw $RangeError("index out of range");
                        r.len = l;
                    }
                    if (z !== $undefined)
                        throw $Error("missing end group");
                    return m;
                };

                return Entry;
            })();

            return Manifest;
        })();

        v1.Fetch = (function() {

            const Fetch = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Fetch.prototype.transfer = 0;
            Fetch.prototype.image = $util.newBuffer([]);
            Fetch.prototype.blob = $util.newBuffer([]);
            Fetch.prototype.offset = 0;

            Fetch.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.transfer != null && $Object.hasOwnProperty.call(m, "transfer") && m.transfer !== 0)
                    w.uint32(8).uint32(m.transfer);
                if (m.image != null && $Object.hasOwnProperty.call(m, "image") && m.image.length)
                    w.uint32(18).bytes(m.image);
                if (m.blob != null && $Object.hasOwnProperty.call(m, "blob") && m.blob.length)
                    w.uint32(26).bytes(m.blob);
                if (m.offset != null && $Object.hasOwnProperty.call(m, "offset") && (typeof m.offset === "object" ? m.offset.low || m.offset.high : m.offset !== 0))
                    w.uint32(32).uint64(m.offset);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Fetch.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Fetch();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.transfer = v;
                            else
                                delete m.transfer;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.image = v;
                            else
                                delete m.image;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.blob = v;
                            else
                                delete m.blob;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.offset = v;
                            else
                                delete m.offset;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Fetch;
        })();

        v1.FetchFailed = (function() {

            const FetchFailed = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            FetchFailed.prototype.transfer = 0;
            FetchFailed.prototype.failure = null;

            FetchFailed.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.transfer != null && $Object.hasOwnProperty.call(m, "transfer") && m.transfer !== 0)
                    w.uint32(8).uint32(m.transfer);
                if (m.failure != null && $Object.hasOwnProperty.call(m, "failure"))
                    $root.bproc.v1.Failure.encode(m.failure, w.uint32(18).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            FetchFailed.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.FetchFailed();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.transfer = v;
                            else
                                delete m.transfer;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            m.failure = $root.bproc.v1.Failure.decode(r, r.size(), $undefined, q + 1, m.failure);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return FetchFailed;
        })();

        v1.PeerAddress = (function() {

            const PeerAddress = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            PeerAddress.prototype.address = "";
            PeerAddress.prototype.key = $util.newBuffer([]);

            PeerAddress.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.address != null && $Object.hasOwnProperty.call(m, "address") && m.address !== "")
                    w.uint32(10).string(m.address);
                if (m.key != null && $Object.hasOwnProperty.call(m, "key") && m.key.length)
                    w.uint32(18).bytes(m.key);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            PeerAddress.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.PeerAddress();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.address = v;
                            else
                                delete m.address;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.key = v;
                            else
                                delete m.key;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return PeerAddress;
        })();

        v1.Lack = (function() {

            const Lack = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Lack.prototype.image = $util.newBuffer([]);
            Lack.prototype.number = 0;
            Lack.prototype.failure = null;
            Lack.prototype.node = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Lack.prototype, "_node", {
                get: $util.oneOfGetter($oneOfFields = ["node"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Lack.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.image != null && $Object.hasOwnProperty.call(m, "image") && m.image.length)
                    w.uint32(10).bytes(m.image);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.failure != null && $Object.hasOwnProperty.call(m, "failure"))
                    $root.bproc.v1.Failure.encode(m.failure, w.uint32(26).fork(), q + 1).ldelim();
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    w.uint32(32).sint32(m.node);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Lack.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Lack();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.image = v;
                            else
                                delete m.image;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            m.failure = $root.bproc.v1.Failure.decode(r, r.size(), $undefined, q + 1, m.failure);
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            m.node = r.sint32();
                            m._node = "node";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Lack;
        })();

        v1.Source = (function() {

            const Source = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Source.prototype.image = $util.newBuffer([]);
            Source.prototype.number = 0;
            Source.prototype.node = null;
            Source.prototype.address = "";
            Source.prototype.ticket = $util.newBuffer([]);

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Source.prototype, "_node", {
                get: $util.oneOfGetter($oneOfFields = ["node"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Source.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.image != null && $Object.hasOwnProperty.call(m, "image") && m.image.length)
                    w.uint32(10).bytes(m.image);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    w.uint32(24).sint32(m.node);
                if (m.address != null && $Object.hasOwnProperty.call(m, "address") && m.address !== "")
                    w.uint32(34).string(m.address);
                if (m.ticket != null && $Object.hasOwnProperty.call(m, "ticket") && m.ticket.length)
                    w.uint32(42).bytes(m.ticket);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Source.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Source();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.image = v;
                            else
                                delete m.image;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            m.node = r.sint32();
                            m._node = "node";
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.address = v;
                            else
                                delete m.address;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.ticket = v;
                            else
                                delete m.ticket;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Source;
        })();

        v1.Fetched = (function() {

            const Fetched = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Fetched.prototype.image = $util.newBuffer([]);
            Fetched.prototype.number = 0;
            Fetched.prototype.failure = null;

            Fetched.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.image != null && $Object.hasOwnProperty.call(m, "image") && m.image.length)
                    w.uint32(10).bytes(m.image);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.failure != null && $Object.hasOwnProperty.call(m, "failure"))
                    $root.bproc.v1.Failure.encode(m.failure, w.uint32(26).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Fetched.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Fetched();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.image = v;
                            else
                                delete m.image;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            m.failure = $root.bproc.v1.Failure.decode(r, r.size(), $undefined, q + 1, m.failure);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Fetched;
        })();

        v1.Present = (function() {

            const Present = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Present.prototype.image = $util.newBuffer([]);
            Present.prototype.node = 0;
            Present.prototype.number = 0;
            Present.prototype.ticket = $util.newBuffer([]);

            Present.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.image != null && $Object.hasOwnProperty.call(m, "image") && m.image.length)
                    w.uint32(10).bytes(m.image);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(16).sint32(m.node);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(24).uint64(m.number);
                if (m.ticket != null && $Object.hasOwnProperty.call(m, "ticket") && m.ticket.length)
                    w.uint32(34).bytes(m.ticket);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Present.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Present();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.image = v;
                            else
                                delete m.image;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.ticket = v;
                            else
                                delete m.ticket;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Present;
        })();

        v1.Admitted = (function() {

            const Admitted = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Admitted.prototype.session = 0;

            Admitted.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.session != null && $Object.hasOwnProperty.call(m, "session") && m.session !== 0)
                    w.uint32(13).fixed32(m.session);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Admitted.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Admitted();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 5)
                                break;
                            if (v = r.fixed32())
                                m.session = v;
                            else
                                delete m.session;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Admitted;
        })();

        v1.Ready = (function() {

            const Ready = function (p) {
                this.puids = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Ready.prototype.puids = $util.emptyArray;

            Ready.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puids != null && m.puids.length) {
                    for (var i = 0; i < m.puids.length; ++i)
                        w.uint32(10).bytes(m.puids[i]);
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Ready.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Ready();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.puids && m.puids.length))
                                m.puids = [];
                            m.puids.push(r.bytes());
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Ready;
        })();

        v1.Go = (function() {

            const Go = function (p) {
                this.puids = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Go.prototype.puids = $util.emptyArray;

            Go.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puids != null && m.puids.length) {
                    for (var i = 0; i < m.puids.length; ++i)
                        w.uint32(10).bytes(m.puids[i]);
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Go.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Go();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.puids && m.puids.length))
                                m.puids = [];
                            m.puids.push(r.bytes());
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Go;
        })();

        v1.CarriedFile = (function() {

            const CarriedFile = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            CarriedFile.prototype.path = "";
            CarriedFile.prototype.program = "";

            CarriedFile.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.path != null && $Object.hasOwnProperty.call(m, "path") && m.path !== "")
                    w.uint32(10).string(m.path);
                if (m.program != null && $Object.hasOwnProperty.call(m, "program") && m.program !== "")
                    w.uint32(18).string(m.program);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            CarriedFile.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.CarriedFile();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.path = v;
                            else
                                delete m.path;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.program = v;
                            else
                                delete m.program;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return CarriedFile;
        })();

        v1.Carry = (function() {

            const Carry = function (p) {
                this.remove = [];
                this.add = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Carry.prototype.clear = false;
            Carry.prototype.remove = $util.emptyArray;
            Carry.prototype.add = $util.emptyArray;

            Carry.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.clear != null && $Object.hasOwnProperty.call(m, "clear") && m.clear !== false)
                    w.uint32(8).bool(m.clear);
                if (m.remove != null && m.remove.length) {
                    for (var i = 0; i < m.remove.length; ++i)
                        $root.bproc.v1.CarriedFile.encode(m.remove[i], w.uint32(18).fork(), q + 1).ldelim();
                }
                if (m.add != null && m.add.length) {
                    for (var i = 0; i < m.add.length; ++i)
                        $root.bproc.v1.CarriedFile.encode(m.add[i], w.uint32(26).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Carry.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Carry();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.clear = v;
                            else
                                delete m.clear;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if (!(m.remove && m.remove.length))
                                m.remove = [];
                            m.remove.push($root.bproc.v1.CarriedFile.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if (!(m.add && m.add.length))
                                m.add = [];
                            m.add.push($root.bproc.v1.CarriedFile.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Carry;
        })();

        v1.Carried = (function() {

            const Carried = function (p) {
                this.files = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Carried.prototype.files = $util.emptyArray;

            Carried.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.files != null && m.files.length) {
                    for (var i = 0; i < m.files.length; ++i)
                        $root.bproc.v1.CarriedFile.encode(m.files[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Carried.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Carried();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.files && m.files.length))
                                m.files = [];
                            m.files.push($root.bproc.v1.CarriedFile.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Carried;
        })();

        v1.CacheAction = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "CACHE_ACTION_UNSPECIFIED"] = 0;
            values[valuesById[1] = "CACHE_ACTION_PURGE"] = 1;
            values[valuesById[2] = "CACHE_ACTION_VERIFY"] = 2;
            return values;
        })();

        v1.Cache = (function() {

            const Cache = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Cache.prototype.node = 0;
            Cache.prototype.action = 0;

            Cache.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.action != null && $Object.hasOwnProperty.call(m, "action") && m.action !== 0)
                    w.uint32(16).int32(m.action);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Cache.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Cache();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.action = v;
                            else
                                delete m.action;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Cache;
        })();

        v1.CacheState = (function() {

            const CacheState = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            CacheState.prototype.bytes = 0;
            CacheState.prototype.blobs = 0;
            CacheState.prototype.pinnedBytes = 0;
            CacheState.prototype.maxBytes = 0;
            CacheState.prototype.hits = 0;
            CacheState.prototype.misses = 0;
            CacheState.prototype.evictions = 0;
            CacheState.prototype.rotten = 0;
            CacheState.prototype.fetchedBytes = 0;

            CacheState.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.bytes != null && $Object.hasOwnProperty.call(m, "bytes") && (typeof m.bytes === "object" ? m.bytes.low || m.bytes.high : m.bytes !== 0))
                    w.uint32(8).uint64(m.bytes);
                if (m.blobs != null && $Object.hasOwnProperty.call(m, "blobs") && (typeof m.blobs === "object" ? m.blobs.low || m.blobs.high : m.blobs !== 0))
                    w.uint32(16).uint64(m.blobs);
                if (m.pinnedBytes != null && $Object.hasOwnProperty.call(m, "pinnedBytes") && (typeof m.pinnedBytes === "object" ? m.pinnedBytes.low || m.pinnedBytes.high : m.pinnedBytes !== 0))
                    w.uint32(24).uint64(m.pinnedBytes);
                if (m.maxBytes != null && $Object.hasOwnProperty.call(m, "maxBytes") && (typeof m.maxBytes === "object" ? m.maxBytes.low || m.maxBytes.high : m.maxBytes !== 0))
                    w.uint32(32).uint64(m.maxBytes);
                if (m.hits != null && $Object.hasOwnProperty.call(m, "hits") && (typeof m.hits === "object" ? m.hits.low || m.hits.high : m.hits !== 0))
                    w.uint32(40).uint64(m.hits);
                if (m.misses != null && $Object.hasOwnProperty.call(m, "misses") && (typeof m.misses === "object" ? m.misses.low || m.misses.high : m.misses !== 0))
                    w.uint32(48).uint64(m.misses);
                if (m.evictions != null && $Object.hasOwnProperty.call(m, "evictions") && (typeof m.evictions === "object" ? m.evictions.low || m.evictions.high : m.evictions !== 0))
                    w.uint32(56).uint64(m.evictions);
                if (m.rotten != null && $Object.hasOwnProperty.call(m, "rotten") && (typeof m.rotten === "object" ? m.rotten.low || m.rotten.high : m.rotten !== 0))
                    w.uint32(64).uint64(m.rotten);
                if (m.fetchedBytes != null && $Object.hasOwnProperty.call(m, "fetchedBytes") && (typeof m.fetchedBytes === "object" ? m.fetchedBytes.low || m.fetchedBytes.high : m.fetchedBytes !== 0))
                    w.uint32(72).uint64(m.fetchedBytes);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            CacheState.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.CacheState();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.bytes = v;
                            else
                                delete m.bytes;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.blobs = v;
                            else
                                delete m.blobs;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.pinnedBytes = v;
                            else
                                delete m.pinnedBytes;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.maxBytes = v;
                            else
                                delete m.maxBytes;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.hits = v;
                            else
                                delete m.hits;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.misses = v;
                            else
                                delete m.misses;
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.evictions = v;
                            else
                                delete m.evictions;
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.rotten = v;
                            else
                                delete m.rotten;
                            continue;
                        }
                    case 9: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.fetchedBytes = v;
                            else
                                delete m.fetchedBytes;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return CacheState;
        })();

        v1.NodeFacts = (function() {

            const NodeFacts = function (p) {
                this.attributes = {};
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NodeFacts.prototype.attributes = $util.emptyObject;

            NodeFacts.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.attributes != null && $Object.hasOwnProperty.call(m, "attributes")) {
                    for (var ks = $Object.keys(m.attributes), i = 0; i < ks.length; ++i) {
                        w.uint32(10).fork().uint32(10).string(ks[i]).uint32(18).string(m.attributes[ks[i]]).ldelim();
                    }
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NodeFacts.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, k, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NodeFacts();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (m.attributes === $util.emptyObject)
                                m.attributes = {};
                            var c2 = r.size() + r.pos;
                            if (c2 > r.len)
                                throw $RangeError("index out of range");
                            r.len = c2;
                            k = "";
                            v = "";
                            while (r.pos < c2) {
                                var t2 = r.tag();
                                u = t2 & 7;
                                switch (t2 >>>= 3) {
                                case 1:
                                    if (u !== 2)
                                        break;
                                    k = r.stringVerify();
                                    continue;
                                case 2:
                                    if (u !== 2)
                                        break;
                                    v = r.stringVerify();
                                    continue;
                                }
                                r.skipType(u, q, t2);
                            }
                            if (r.pos !== c2)
                                throw $RangeError("index out of range");
                            r.len = c;
                            if (k === "__proto__")
                                $util.makeProp(m.attributes, k);
                            m.attributes[k] = v;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NodeFacts;
        })();

        v1.Request = (function() {

            const Request = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Request.prototype.id = 0;
            Request.prototype.listNodes = null;
            Request.prototype.resolve = null;
            Request.prototype.updateNode = null;
            Request.prototype.kill = null;
            Request.prototype.wait = null;
            Request.prototype.listProcesses = null;
            Request.prototype.power = null;
            Request.prototype.chroot = null;
            Request.prototype.reconnect = null;
            Request.prototype.detach = null;
            Request.prototype.access = null;
            Request.prototype.subscribe = null;
            Request.prototype.unsubscribe = null;
            Request.prototype.status = null;
            Request.prototype.terminate = null;
            Request.prototype.createToken = null;
            Request.prototype.listApplicants = null;
            Request.prototype.approve = null;
            Request.prototype.revoke = null;
            Request.prototype.listCertificates = null;
            Request.prototype.login = null;
            Request.prototype.abandon = null;
            Request.prototype.resize = null;
            Request.prototype.ghosts = null;
            Request.prototype.carry = null;
            Request.prototype.cache = null;
            Request.prototype.move = null;
            Request.prototype.callOffMove = null;
            Request.prototype.checkpoint = null;
            Request.prototype.checkpointRoom = null;
            Request.prototype.keptCheckpoints = null;
            Request.prototype.service = null;

            let $oneOfFields;

            $Object.defineProperty(Request.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["listNodes", "resolve", "updateNode", "kill", "wait", "listProcesses", "power", "chroot", "reconnect", "detach", "access", "subscribe", "unsubscribe", "status", "terminate", "createToken", "listApplicants", "approve", "revoke", "listCertificates", "login", "abandon", "resize", "ghosts", "carry", "cache", "move", "callOffMove", "checkpoint", "checkpointRoom", "keptCheckpoints", "service"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Request.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id !== 0)
                    w.uint32(8).uint32(m.id);
                if (m.listNodes != null && $Object.hasOwnProperty.call(m, "listNodes"))
                    $root.bproc.v1.ListNodes.encode(m.listNodes, w.uint32(82).fork(), q + 1).ldelim();
                if (m.resolve != null && $Object.hasOwnProperty.call(m, "resolve"))
                    $root.bproc.v1.Resolve.encode(m.resolve, w.uint32(90).fork(), q + 1).ldelim();
                if (m.updateNode != null && $Object.hasOwnProperty.call(m, "updateNode"))
                    $root.bproc.v1.UpdateNode.encode(m.updateNode, w.uint32(98).fork(), q + 1).ldelim();
                if (m.kill != null && $Object.hasOwnProperty.call(m, "kill"))
                    $root.bproc.v1.Kill.encode(m.kill, w.uint32(106).fork(), q + 1).ldelim();
                if (m.wait != null && $Object.hasOwnProperty.call(m, "wait"))
                    $root.bproc.v1.Wait.encode(m.wait, w.uint32(114).fork(), q + 1).ldelim();
                if (m.listProcesses != null && $Object.hasOwnProperty.call(m, "listProcesses"))
                    $root.bproc.v1.ListProcesses.encode(m.listProcesses, w.uint32(122).fork(), q + 1).ldelim();
                if (m.power != null && $Object.hasOwnProperty.call(m, "power"))
                    $root.bproc.v1.Power.encode(m.power, w.uint32(130).fork(), q + 1).ldelim();
                if (m.chroot != null && $Object.hasOwnProperty.call(m, "chroot"))
                    $root.bproc.v1.Chroot.encode(m.chroot, w.uint32(138).fork(), q + 1).ldelim();
                if (m.reconnect != null && $Object.hasOwnProperty.call(m, "reconnect"))
                    $root.bproc.v1.Reconnect.encode(m.reconnect, w.uint32(146).fork(), q + 1).ldelim();
                if (m.detach != null && $Object.hasOwnProperty.call(m, "detach"))
                    $root.bproc.v1.Detach.encode(m.detach, w.uint32(154).fork(), q + 1).ldelim();
                if (m.access != null && $Object.hasOwnProperty.call(m, "access"))
                    $root.bproc.v1.Access.encode(m.access, w.uint32(162).fork(), q + 1).ldelim();
                if (m.subscribe != null && $Object.hasOwnProperty.call(m, "subscribe"))
                    $root.bproc.v1.Subscribe.encode(m.subscribe, w.uint32(170).fork(), q + 1).ldelim();
                if (m.unsubscribe != null && $Object.hasOwnProperty.call(m, "unsubscribe"))
                    $root.bproc.v1.Unsubscribe.encode(m.unsubscribe, w.uint32(178).fork(), q + 1).ldelim();
                if (m.status != null && $Object.hasOwnProperty.call(m, "status"))
                    $root.bproc.v1.Status.encode(m.status, w.uint32(186).fork(), q + 1).ldelim();
                if (m.terminate != null && $Object.hasOwnProperty.call(m, "terminate"))
                    $root.bproc.v1.Terminate.encode(m.terminate, w.uint32(194).fork(), q + 1).ldelim();
                if (m.abandon != null && $Object.hasOwnProperty.call(m, "abandon"))
                    $root.bproc.v1.Abandon.encode(m.abandon, w.uint32(202).fork(), q + 1).ldelim();
                if (m.resize != null && $Object.hasOwnProperty.call(m, "resize"))
                    $root.bproc.v1.Resize.encode(m.resize, w.uint32(210).fork(), q + 1).ldelim();
                if (m.createToken != null && $Object.hasOwnProperty.call(m, "createToken"))
                    $root.bproc.v1.CreateToken.encode(m.createToken, w.uint32(242).fork(), q + 1).ldelim();
                if (m.listApplicants != null && $Object.hasOwnProperty.call(m, "listApplicants"))
                    $root.bproc.v1.ListApplicants.encode(m.listApplicants, w.uint32(250).fork(), q + 1).ldelim();
                if (m.approve != null && $Object.hasOwnProperty.call(m, "approve"))
                    $root.bproc.v1.Approve.encode(m.approve, w.uint32(258).fork(), q + 1).ldelim();
                if (m.revoke != null && $Object.hasOwnProperty.call(m, "revoke"))
                    $root.bproc.v1.Revoke.encode(m.revoke, w.uint32(266).fork(), q + 1).ldelim();
                if (m.listCertificates != null && $Object.hasOwnProperty.call(m, "listCertificates"))
                    $root.bproc.v1.ListCertificates.encode(m.listCertificates, w.uint32(274).fork(), q + 1).ldelim();
                if (m.login != null && $Object.hasOwnProperty.call(m, "login"))
                    $root.bproc.v1.Login.encode(m.login, w.uint32(282).fork(), q + 1).ldelim();
                if (m.ghosts != null && $Object.hasOwnProperty.call(m, "ghosts"))
                    $root.bproc.v1.Ghosts.encode(m.ghosts, w.uint32(322).fork(), q + 1).ldelim();
                if (m.carry != null && $Object.hasOwnProperty.call(m, "carry"))
                    $root.bproc.v1.Carry.encode(m.carry, w.uint32(482).fork(), q + 1).ldelim();
                if (m.cache != null && $Object.hasOwnProperty.call(m, "cache"))
                    $root.bproc.v1.Cache.encode(m.cache, w.uint32(490).fork(), q + 1).ldelim();
                if (m.move != null && $Object.hasOwnProperty.call(m, "move"))
                    $root.bproc.v1.Move.encode(m.move, w.uint32(562).fork(), q + 1).ldelim();
                if (m.callOffMove != null && $Object.hasOwnProperty.call(m, "callOffMove"))
                    $root.bproc.v1.CallOffMove.encode(m.callOffMove, w.uint32(570).fork(), q + 1).ldelim();
                if (m.checkpoint != null && $Object.hasOwnProperty.call(m, "checkpoint"))
                    $root.bproc.v1.Checkpoint.encode(m.checkpoint, w.uint32(602).fork(), q + 1).ldelim();
                if (m.checkpointRoom != null && $Object.hasOwnProperty.call(m, "checkpointRoom"))
                    $root.bproc.v1.CheckpointRoom.encode(m.checkpointRoom, w.uint32(610).fork(), q + 1).ldelim();
                if (m.keptCheckpoints != null && $Object.hasOwnProperty.call(m, "keptCheckpoints"))
                    $root.bproc.v1.KeptOrder.encode(m.keptCheckpoints, w.uint32(618).fork(), q + 1).ldelim();
                if (m.service != null && $Object.hasOwnProperty.call(m, "service"))
                    $root.bproc.v1.ServiceRequest.encode(m.service, w.uint32(722).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Request.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Request();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.id = v;
                            else
                                delete m.id;
                            continue;
                        }
                    case 10: {
                            if (u !== 2)
                                break;
                            m.listNodes = $root.bproc.v1.ListNodes.decode(r, r.size(), $undefined, q + 1, m.listNodes);
                            m.body = "listNodes";
                            continue;
                        }
                    case 11: {
                            if (u !== 2)
                                break;
                            m.resolve = $root.bproc.v1.Resolve.decode(r, r.size(), $undefined, q + 1, m.resolve);
                            m.body = "resolve";
                            continue;
                        }
                    case 12: {
                            if (u !== 2)
                                break;
                            m.updateNode = $root.bproc.v1.UpdateNode.decode(r, r.size(), $undefined, q + 1, m.updateNode);
                            m.body = "updateNode";
                            continue;
                        }
                    case 13: {
                            if (u !== 2)
                                break;
                            m.kill = $root.bproc.v1.Kill.decode(r, r.size(), $undefined, q + 1, m.kill);
                            m.body = "kill";
                            continue;
                        }
                    case 14: {
                            if (u !== 2)
                                break;
                            m.wait = $root.bproc.v1.Wait.decode(r, r.size(), $undefined, q + 1, m.wait);
                            m.body = "wait";
                            continue;
                        }
                    case 15: {
                            if (u !== 2)
                                break;
                            m.listProcesses = $root.bproc.v1.ListProcesses.decode(r, r.size(), $undefined, q + 1, m.listProcesses);
                            m.body = "listProcesses";
                            continue;
                        }
                    case 16: {
                            if (u !== 2)
                                break;
                            m.power = $root.bproc.v1.Power.decode(r, r.size(), $undefined, q + 1, m.power);
                            m.body = "power";
                            continue;
                        }
                    case 17: {
                            if (u !== 2)
                                break;
                            m.chroot = $root.bproc.v1.Chroot.decode(r, r.size(), $undefined, q + 1, m.chroot);
                            m.body = "chroot";
                            continue;
                        }
                    case 18: {
                            if (u !== 2)
                                break;
                            m.reconnect = $root.bproc.v1.Reconnect.decode(r, r.size(), $undefined, q + 1, m.reconnect);
                            m.body = "reconnect";
                            continue;
                        }
                    case 19: {
                            if (u !== 2)
                                break;
                            m.detach = $root.bproc.v1.Detach.decode(r, r.size(), $undefined, q + 1, m.detach);
                            m.body = "detach";
                            continue;
                        }
                    case 20: {
                            if (u !== 2)
                                break;
                            m.access = $root.bproc.v1.Access.decode(r, r.size(), $undefined, q + 1, m.access);
                            m.body = "access";
                            continue;
                        }
                    case 21: {
                            if (u !== 2)
                                break;
                            m.subscribe = $root.bproc.v1.Subscribe.decode(r, r.size(), $undefined, q + 1, m.subscribe);
                            m.body = "subscribe";
                            continue;
                        }
                    case 22: {
                            if (u !== 2)
                                break;
                            m.unsubscribe = $root.bproc.v1.Unsubscribe.decode(r, r.size(), $undefined, q + 1, m.unsubscribe);
                            m.body = "unsubscribe";
                            continue;
                        }
                    case 23: {
                            if (u !== 2)
                                break;
                            m.status = $root.bproc.v1.Status.decode(r, r.size(), $undefined, q + 1, m.status);
                            m.body = "status";
                            continue;
                        }
                    case 24: {
                            if (u !== 2)
                                break;
                            m.terminate = $root.bproc.v1.Terminate.decode(r, r.size(), $undefined, q + 1, m.terminate);
                            m.body = "terminate";
                            continue;
                        }
                    case 30: {
                            if (u !== 2)
                                break;
                            m.createToken = $root.bproc.v1.CreateToken.decode(r, r.size(), $undefined, q + 1, m.createToken);
                            m.body = "createToken";
                            continue;
                        }
                    case 31: {
                            if (u !== 2)
                                break;
                            m.listApplicants = $root.bproc.v1.ListApplicants.decode(r, r.size(), $undefined, q + 1, m.listApplicants);
                            m.body = "listApplicants";
                            continue;
                        }
                    case 32: {
                            if (u !== 2)
                                break;
                            m.approve = $root.bproc.v1.Approve.decode(r, r.size(), $undefined, q + 1, m.approve);
                            m.body = "approve";
                            continue;
                        }
                    case 33: {
                            if (u !== 2)
                                break;
                            m.revoke = $root.bproc.v1.Revoke.decode(r, r.size(), $undefined, q + 1, m.revoke);
                            m.body = "revoke";
                            continue;
                        }
                    case 34: {
                            if (u !== 2)
                                break;
                            m.listCertificates = $root.bproc.v1.ListCertificates.decode(r, r.size(), $undefined, q + 1, m.listCertificates);
                            m.body = "listCertificates";
                            continue;
                        }
                    case 35: {
                            if (u !== 2)
                                break;
                            m.login = $root.bproc.v1.Login.decode(r, r.size(), $undefined, q + 1, m.login);
                            m.body = "login";
                            continue;
                        }
                    case 25: {
                            if (u !== 2)
                                break;
                            m.abandon = $root.bproc.v1.Abandon.decode(r, r.size(), $undefined, q + 1, m.abandon);
                            m.body = "abandon";
                            continue;
                        }
                    case 26: {
                            if (u !== 2)
                                break;
                            m.resize = $root.bproc.v1.Resize.decode(r, r.size(), $undefined, q + 1, m.resize);
                            m.body = "resize";
                            continue;
                        }
                    case 40: {
                            if (u !== 2)
                                break;
                            m.ghosts = $root.bproc.v1.Ghosts.decode(r, r.size(), $undefined, q + 1, m.ghosts);
                            m.body = "ghosts";
                            continue;
                        }
                    case 60: {
                            if (u !== 2)
                                break;
                            m.carry = $root.bproc.v1.Carry.decode(r, r.size(), $undefined, q + 1, m.carry);
                            m.body = "carry";
                            continue;
                        }
                    case 61: {
                            if (u !== 2)
                                break;
                            m.cache = $root.bproc.v1.Cache.decode(r, r.size(), $undefined, q + 1, m.cache);
                            m.body = "cache";
                            continue;
                        }
                    case 70: {
                            if (u !== 2)
                                break;
                            m.move = $root.bproc.v1.Move.decode(r, r.size(), $undefined, q + 1, m.move);
                            m.body = "move";
                            continue;
                        }
                    case 71: {
                            if (u !== 2)
                                break;
                            m.callOffMove = $root.bproc.v1.CallOffMove.decode(r, r.size(), $undefined, q + 1, m.callOffMove);
                            m.body = "callOffMove";
                            continue;
                        }
                    case 75: {
                            if (u !== 2)
                                break;
                            m.checkpoint = $root.bproc.v1.Checkpoint.decode(r, r.size(), $undefined, q + 1, m.checkpoint);
                            m.body = "checkpoint";
                            continue;
                        }
                    case 76: {
                            if (u !== 2)
                                break;
                            m.checkpointRoom = $root.bproc.v1.CheckpointRoom.decode(r, r.size(), $undefined, q + 1, m.checkpointRoom);
                            m.body = "checkpointRoom";
                            continue;
                        }
                    case 77: {
                            if (u !== 2)
                                break;
                            m.keptCheckpoints = $root.bproc.v1.KeptOrder.decode(r, r.size(), $undefined, q + 1, m.keptCheckpoints);
                            m.body = "keptCheckpoints";
                            continue;
                        }
                    case 90: {
                            if (u !== 2)
                                break;
                            m.service = $root.bproc.v1.ServiceRequest.decode(r, r.size(), $undefined, q + 1, m.service);
                            m.body = "service";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Request;
        })();

        v1.Response = (function() {

            const Response = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Response.prototype.id = 0;
            Response.prototype.failure = null;
            Response.prototype.nodeList = null;
            Response.prototype.resolved = null;
            Response.prototype.ended = null;
            Response.prototype.processList = null;
            Response.prototype.subscribed = null;
            Response.prototype.masterStatus = null;
            Response.prototype.token = null;
            Response.prototype.applicantList = null;
            Response.prototype.revoked = null;
            Response.prototype.certificateList = null;
            Response.prototype.joined = null;
            Response.prototype.carried = null;
            Response.prototype.cacheState = null;
            Response.prototype.room = null;
            Response.prototype.keptList = null;
            Response.prototype.service = null;

            let $oneOfFields;

            $Object.defineProperty(Response.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["nodeList", "resolved", "ended", "processList", "subscribed", "masterStatus", "token", "applicantList", "revoked", "certificateList", "joined", "carried", "cacheState", "room", "keptList", "service"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Response.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id !== 0)
                    w.uint32(8).uint32(m.id);
                if (m.failure != null && $Object.hasOwnProperty.call(m, "failure"))
                    $root.bproc.v1.Failure.encode(m.failure, w.uint32(18).fork(), q + 1).ldelim();
                if (m.nodeList != null && $Object.hasOwnProperty.call(m, "nodeList"))
                    $root.bproc.v1.NodeList.encode(m.nodeList, w.uint32(82).fork(), q + 1).ldelim();
                if (m.resolved != null && $Object.hasOwnProperty.call(m, "resolved"))
                    $root.bproc.v1.Resolved.encode(m.resolved, w.uint32(90).fork(), q + 1).ldelim();
                if (m.ended != null && $Object.hasOwnProperty.call(m, "ended"))
                    $root.bproc.v1.Ended.encode(m.ended, w.uint32(98).fork(), q + 1).ldelim();
                if (m.processList != null && $Object.hasOwnProperty.call(m, "processList"))
                    $root.bproc.v1.ProcessList.encode(m.processList, w.uint32(106).fork(), q + 1).ldelim();
                if (m.subscribed != null && $Object.hasOwnProperty.call(m, "subscribed"))
                    $root.bproc.v1.Subscribed.encode(m.subscribed, w.uint32(114).fork(), q + 1).ldelim();
                if (m.masterStatus != null && $Object.hasOwnProperty.call(m, "masterStatus"))
                    $root.bproc.v1.MasterStatus.encode(m.masterStatus, w.uint32(122).fork(), q + 1).ldelim();
                if (m.token != null && $Object.hasOwnProperty.call(m, "token"))
                    $root.bproc.v1.Token.encode(m.token, w.uint32(242).fork(), q + 1).ldelim();
                if (m.applicantList != null && $Object.hasOwnProperty.call(m, "applicantList"))
                    $root.bproc.v1.ApplicantList.encode(m.applicantList, w.uint32(250).fork(), q + 1).ldelim();
                if (m.revoked != null && $Object.hasOwnProperty.call(m, "revoked"))
                    $root.bproc.v1.Revoked.encode(m.revoked, w.uint32(266).fork(), q + 1).ldelim();
                if (m.certificateList != null && $Object.hasOwnProperty.call(m, "certificateList"))
                    $root.bproc.v1.CertificateList.encode(m.certificateList, w.uint32(274).fork(), q + 1).ldelim();
                if (m.joined != null && $Object.hasOwnProperty.call(m, "joined"))
                    $root.bproc.v1.Joined.encode(m.joined, w.uint32(282).fork(), q + 1).ldelim();
                if (m.carried != null && $Object.hasOwnProperty.call(m, "carried"))
                    $root.bproc.v1.Carried.encode(m.carried, w.uint32(442).fork(), q + 1).ldelim();
                if (m.cacheState != null && $Object.hasOwnProperty.call(m, "cacheState"))
                    $root.bproc.v1.CacheState.encode(m.cacheState, w.uint32(450).fork(), q + 1).ldelim();
                if (m.room != null && $Object.hasOwnProperty.call(m, "room"))
                    $root.bproc.v1.Room.encode(m.room, w.uint32(602).fork(), q + 1).ldelim();
                if (m.keptList != null && $Object.hasOwnProperty.call(m, "keptList"))
                    $root.bproc.v1.KeptList.encode(m.keptList, w.uint32(618).fork(), q + 1).ldelim();
                if (m.service != null && $Object.hasOwnProperty.call(m, "service"))
                    $root.bproc.v1.ServiceAnswer.encode(m.service, w.uint32(722).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Response.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Response();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.id = v;
                            else
                                delete m.id;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            m.failure = $root.bproc.v1.Failure.decode(r, r.size(), $undefined, q + 1, m.failure);
                            continue;
                        }
                    case 10: {
                            if (u !== 2)
                                break;
                            m.nodeList = $root.bproc.v1.NodeList.decode(r, r.size(), $undefined, q + 1, m.nodeList);
                            m.body = "nodeList";
                            continue;
                        }
                    case 11: {
                            if (u !== 2)
                                break;
                            m.resolved = $root.bproc.v1.Resolved.decode(r, r.size(), $undefined, q + 1, m.resolved);
                            m.body = "resolved";
                            continue;
                        }
                    case 12: {
                            if (u !== 2)
                                break;
                            m.ended = $root.bproc.v1.Ended.decode(r, r.size(), $undefined, q + 1, m.ended);
                            m.body = "ended";
                            continue;
                        }
                    case 13: {
                            if (u !== 2)
                                break;
                            m.processList = $root.bproc.v1.ProcessList.decode(r, r.size(), $undefined, q + 1, m.processList);
                            m.body = "processList";
                            continue;
                        }
                    case 14: {
                            if (u !== 2)
                                break;
                            m.subscribed = $root.bproc.v1.Subscribed.decode(r, r.size(), $undefined, q + 1, m.subscribed);
                            m.body = "subscribed";
                            continue;
                        }
                    case 15: {
                            if (u !== 2)
                                break;
                            m.masterStatus = $root.bproc.v1.MasterStatus.decode(r, r.size(), $undefined, q + 1, m.masterStatus);
                            m.body = "masterStatus";
                            continue;
                        }
                    case 30: {
                            if (u !== 2)
                                break;
                            m.token = $root.bproc.v1.Token.decode(r, r.size(), $undefined, q + 1, m.token);
                            m.body = "token";
                            continue;
                        }
                    case 31: {
                            if (u !== 2)
                                break;
                            m.applicantList = $root.bproc.v1.ApplicantList.decode(r, r.size(), $undefined, q + 1, m.applicantList);
                            m.body = "applicantList";
                            continue;
                        }
                    case 33: {
                            if (u !== 2)
                                break;
                            m.revoked = $root.bproc.v1.Revoked.decode(r, r.size(), $undefined, q + 1, m.revoked);
                            m.body = "revoked";
                            continue;
                        }
                    case 34: {
                            if (u !== 2)
                                break;
                            m.certificateList = $root.bproc.v1.CertificateList.decode(r, r.size(), $undefined, q + 1, m.certificateList);
                            m.body = "certificateList";
                            continue;
                        }
                    case 35: {
                            if (u !== 2)
                                break;
                            m.joined = $root.bproc.v1.Joined.decode(r, r.size(), $undefined, q + 1, m.joined);
                            m.body = "joined";
                            continue;
                        }
                    case 55: {
                            if (u !== 2)
                                break;
                            m.carried = $root.bproc.v1.Carried.decode(r, r.size(), $undefined, q + 1, m.carried);
                            m.body = "carried";
                            continue;
                        }
                    case 56: {
                            if (u !== 2)
                                break;
                            m.cacheState = $root.bproc.v1.CacheState.decode(r, r.size(), $undefined, q + 1, m.cacheState);
                            m.body = "cacheState";
                            continue;
                        }
                    case 75: {
                            if (u !== 2)
                                break;
                            m.room = $root.bproc.v1.Room.decode(r, r.size(), $undefined, q + 1, m.room);
                            m.body = "room";
                            continue;
                        }
                    case 77: {
                            if (u !== 2)
                                break;
                            m.keptList = $root.bproc.v1.KeptList.decode(r, r.size(), $undefined, q + 1, m.keptList);
                            m.body = "keptList";
                            continue;
                        }
                    case 90: {
                            if (u !== 2)
                                break;
                            m.service = $root.bproc.v1.ServiceAnswer.decode(r, r.size(), $undefined, q + 1, m.service);
                            m.body = "service";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Response;
        })();

        v1.NodeRecord = (function() {

            const NodeRecord = function (p) {
                this.flags = [];
                this.attributes = {};
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NodeRecord.prototype.node = 0;
            NodeRecord.prototype.state = "";
            NodeRecord.prototype.flags = $util.emptyArray;
            NodeRecord.prototype.reason = "";
            NodeRecord.prototype.who = "";
            NodeRecord.prototype.changedAt = 0;
            NodeRecord.prototype.mode = 0;
            NodeRecord.prototype.owner = 0;
            NodeRecord.prototype.group = 0;
            NodeRecord.prototype.address = "";
            NodeRecord.prototype.attributes = $util.emptyObject;

            NodeRecord.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.state != null && $Object.hasOwnProperty.call(m, "state") && m.state !== "")
                    w.uint32(18).string(m.state);
                if (m.flags != null && m.flags.length) {
                    for (var i = 0; i < m.flags.length; ++i)
                        w.uint32(26).string(m.flags[i]);
                }
                if (m.reason != null && $Object.hasOwnProperty.call(m, "reason") && m.reason !== "")
                    w.uint32(34).string(m.reason);
                if (m.who != null && $Object.hasOwnProperty.call(m, "who") && m.who !== "")
                    w.uint32(42).string(m.who);
                if (m.changedAt != null && $Object.hasOwnProperty.call(m, "changedAt") && (typeof m.changedAt === "object" ? m.changedAt.low || m.changedAt.high : m.changedAt !== 0))
                    w.uint32(48).uint64(m.changedAt);
                if (m.mode != null && $Object.hasOwnProperty.call(m, "mode") && m.mode !== 0)
                    w.uint32(56).uint32(m.mode);
                if (m.owner != null && $Object.hasOwnProperty.call(m, "owner") && m.owner !== 0)
                    w.uint32(64).uint32(m.owner);
                if (m.group != null && $Object.hasOwnProperty.call(m, "group") && m.group !== 0)
                    w.uint32(72).uint32(m.group);
                if (m.address != null && $Object.hasOwnProperty.call(m, "address") && m.address !== "")
                    w.uint32(82).string(m.address);
                if (m.attributes != null && $Object.hasOwnProperty.call(m, "attributes")) {
                    for (var ks = $Object.keys(m.attributes), i = 0; i < ks.length; ++i) {
                        w.uint32(90).fork().uint32(10).string(ks[i]).uint32(18).string(m.attributes[ks[i]]).ldelim();
                    }
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NodeRecord.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, k, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NodeRecord();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.state = v;
                            else
                                delete m.state;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if (!(m.flags && m.flags.length))
                                m.flags = [];
                            m.flags.push(r.stringVerify());
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.reason = v;
                            else
                                delete m.reason;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.who = v;
                            else
                                delete m.who;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.changedAt = v;
                            else
                                delete m.changedAt;
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.mode = v;
                            else
                                delete m.mode;
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.owner = v;
                            else
                                delete m.owner;
                            continue;
                        }
                    case 9: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.group = v;
                            else
                                delete m.group;
                            continue;
                        }
                    case 10: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.address = v;
                            else
                                delete m.address;
                            continue;
                        }
                    case 11: {
                            if (u !== 2)
                                break;
                            if (m.attributes === $util.emptyObject)
                                m.attributes = {};
                            var c2 = r.size() + r.pos;
                            if (c2 > r.len)
                                throw $RangeError("index out of range");
                            r.len = c2;
                            k = "";
                            v = "";
                            while (r.pos < c2) {
                                var t2 = r.tag();
                                u = t2 & 7;
                                switch (t2 >>>= 3) {
                                case 1:
                                    if (u !== 2)
                                        break;
                                    k = r.stringVerify();
                                    continue;
                                case 2:
                                    if (u !== 2)
                                        break;
                                    v = r.stringVerify();
                                    continue;
                                }
                                r.skipType(u, q, t2);
                            }
                            if (r.pos !== c2)
                                throw $RangeError("index out of range");
                            r.len = c;
                            if (k === "__proto__")
                                $util.makeProp(m.attributes, k);
                            m.attributes[k] = v;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NodeRecord;
        })();

        v1.ListNodes = (function() {

            const ListNodes = function (p) {
                this.nodes = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ListNodes.prototype.spec = "";
            ListNodes.prototype.nodes = $util.emptyArray;
            ListNodes.prototype.partial = false;

            ListNodes.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.spec != null && $Object.hasOwnProperty.call(m, "spec") && m.spec !== "")
                    w.uint32(10).string(m.spec);
                if (m.nodes != null && m.nodes.length) {
                    w.uint32(18).sint32s(m.nodes);
                }
                if (m.partial != null && $Object.hasOwnProperty.call(m, "partial") && m.partial !== false)
                    w.uint32(24).bool(m.partial);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ListNodes.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ListNodes();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.spec = v;
                            else
                                delete m.spec;
                            continue;
                        }
                    case 2: {
                            if (u === 2) {
                                if (!(m.nodes && m.nodes.length))
                                    m.nodes = [];
                                r.sint32s(m.nodes);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.nodes && m.nodes.length))
                                m.nodes = [];
                            m.nodes.push(r.sint32());
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.partial = v;
                            else
                                delete m.partial;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ListNodes;
        })();

        v1.NodeList = (function() {

            const NodeList = function (p) {
                this.nodes = [];
                this.rest = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NodeList.prototype.nodes = $util.emptyArray;
            NodeList.prototype.rest = $util.emptyArray;

            NodeList.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.nodes != null && m.nodes.length) {
                    for (var i = 0; i < m.nodes.length; ++i)
                        $root.bproc.v1.NodeRecord.encode(m.nodes[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.rest != null && m.rest.length) {
                    w.uint32(18).sint32s(m.rest);
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NodeList.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NodeList();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.nodes && m.nodes.length))
                                m.nodes = [];
                            m.nodes.push($root.bproc.v1.NodeRecord.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 2: {
                            if (u === 2) {
                                if (!(m.rest && m.rest.length))
                                    m.rest = [];
                                r.sint32s(m.rest);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.rest && m.rest.length))
                                m.rest = [];
                            m.rest.push(r.sint32());
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NodeList;
        })();

        v1.Resolve = (function() {

            const Resolve = function (p) {
                this.nodes = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Resolve.prototype.spec = "";
            Resolve.prototype.nodes = $util.emptyArray;

            Resolve.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.spec != null && $Object.hasOwnProperty.call(m, "spec") && m.spec !== "")
                    w.uint32(10).string(m.spec);
                if (m.nodes != null && m.nodes.length) {
                    w.uint32(18).sint32s(m.nodes);
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Resolve.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Resolve();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.spec = v;
                            else
                                delete m.spec;
                            continue;
                        }
                    case 2: {
                            if (u === 2) {
                                if (!(m.nodes && m.nodes.length))
                                    m.nodes = [];
                                r.sint32s(m.nodes);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.nodes && m.nodes.length))
                                m.nodes = [];
                            m.nodes.push(r.sint32());
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Resolve;
        })();

        v1.Resolved = (function() {

            const Resolved = function (p) {
                this.entries = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Resolved.prototype.entries = $util.emptyArray;

            Resolved.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.entries != null && m.entries.length) {
                    for (var i = 0; i < m.entries.length; ++i)
                        $root.bproc.v1.Resolved.Entry.encode(m.entries[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Resolved.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Resolved();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.entries && m.entries.length))
                                m.entries = [];
                            m.entries.push($root.bproc.v1.Resolved.Entry.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            Resolved.Entry = (function() {

                const Entry = function (p) {
                    if (p)
                        for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                            if (p[ks[i]] != null && ks[i] !== "__proto__")
                                this[ks[i]] = p[ks[i]];
                };

                Entry.prototype.node = 0;
                Entry.prototype.boot = $util.newBuffer([]);
                Entry.prototype.failure = null;

                Entry.encode = function (m, w, q) {
                    if (!w)
                        w = $Writer.create();
                    if (q === $undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                        w.uint32(8).sint32(m.node);
                    if (m.boot != null && $Object.hasOwnProperty.call(m, "boot") && m.boot.length)
                        w.uint32(18).bytes(m.boot);
                    if (m.failure != null && $Object.hasOwnProperty.call(m, "failure"))
                        $root.bproc.v1.Failure.encode(m.failure, w.uint32(26).fork(), q + 1).ldelim();
                    if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                        for (var i = 0; i < m.$unknowns.length; ++i)
                            w.raw(m.$unknowns[i]);
                    return w;
                };

                Entry.decode = function (r, l, z, q, g) {
                    if (!(r instanceof $Reader))
                        r = $Reader.create(r);
                    if (q === $undefined)
                        q = 0;
                    if (q > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    var c, m, v;
                    if (l === $undefined)
                        c = r.len;
                    else {
                        c = r.pos + l;
                        if (c > r.len)
                            throw $RangeError("index out of range");
                        l = r.len;
                        r.len = c;
                    }
                    m = g || new $root.bproc.v1.Resolved.Entry();
                    while (r.pos < c) {
                        var s = r.pos;
                        var t = r.tag();
                        if (t === z) {
                            z = $undefined;
                            break;
                        }
                        var u = t & 7;
                        switch (t >>>= 3) {
                        case 1: {
                                if (u !== 0)
                                    break;
                                if (v = r.sint32())
                                    m.node = v;
                                else
                                    delete m.node;
                                continue;
                            }
                        case 2: {
                                if (u !== 2)
                                    break;
                                if ((v = r.bytes()).length)
                                    m.boot = v;
                                else
                                    delete m.boot;
                                continue;
                            }
                        case 3: {
                                if (u !== 2)
                                    break;
                                m.failure = $root.bproc.v1.Failure.decode(r, r.size(), $undefined, q + 1, m.failure);
                                continue;
                            }
                        }
                        r.skipType(u, q, t);
                        if (!r.discardUnknown) {
                            $util.makeProp(m, "$unknowns", false);
                            (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                        }
                    }
                    if (l !== $undefined) {
                        if (r.pos !== c)
                            throw $RangeError("index out of range");
                        r.len = l;
                    }
                    if (z !== $undefined)
                        throw $Error("missing end group");
                    return m;
                };

                return Entry;
            })();

            return Resolved;
        })();

        v1.UpdateNode = (function() {

            const UpdateNode = function (p) {
                this.addFlags = [];
                this.removeFlags = [];
                this.setAttributes = {};
                this.removeAttributes = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            UpdateNode.prototype.node = 0;
            UpdateNode.prototype.state = null;
            UpdateNode.prototype.reason = null;
            UpdateNode.prototype.addFlags = $util.emptyArray;
            UpdateNode.prototype.removeFlags = $util.emptyArray;
            UpdateNode.prototype.mode = null;
            UpdateNode.prototype.owner = null;
            UpdateNode.prototype.group = null;
            UpdateNode.prototype.setAttributes = $util.emptyObject;
            UpdateNode.prototype.removeAttributes = $util.emptyArray;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(UpdateNode.prototype, "_state", {
                get: $util.oneOfGetter($oneOfFields = ["state"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(UpdateNode.prototype, "_reason", {
                get: $util.oneOfGetter($oneOfFields = ["reason"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(UpdateNode.prototype, "_mode", {
                get: $util.oneOfGetter($oneOfFields = ["mode"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(UpdateNode.prototype, "_owner", {
                get: $util.oneOfGetter($oneOfFields = ["owner"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(UpdateNode.prototype, "_group", {
                get: $util.oneOfGetter($oneOfFields = ["group"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            UpdateNode.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.state != null && $Object.hasOwnProperty.call(m, "state"))
                    w.uint32(18).string(m.state);
                if (m.reason != null && $Object.hasOwnProperty.call(m, "reason"))
                    w.uint32(26).string(m.reason);
                if (m.addFlags != null && m.addFlags.length) {
                    for (var i = 0; i < m.addFlags.length; ++i)
                        w.uint32(34).string(m.addFlags[i]);
                }
                if (m.removeFlags != null && m.removeFlags.length) {
                    for (var i = 0; i < m.removeFlags.length; ++i)
                        w.uint32(42).string(m.removeFlags[i]);
                }
                if (m.mode != null && $Object.hasOwnProperty.call(m, "mode"))
                    w.uint32(48).uint32(m.mode);
                if (m.owner != null && $Object.hasOwnProperty.call(m, "owner"))
                    w.uint32(56).uint32(m.owner);
                if (m.group != null && $Object.hasOwnProperty.call(m, "group"))
                    w.uint32(64).uint32(m.group);
                if (m.setAttributes != null && $Object.hasOwnProperty.call(m, "setAttributes")) {
                    for (var ks = $Object.keys(m.setAttributes), i = 0; i < ks.length; ++i) {
                        w.uint32(74).fork().uint32(10).string(ks[i]).uint32(18).string(m.setAttributes[ks[i]]).ldelim();
                    }
                }
                if (m.removeAttributes != null && m.removeAttributes.length) {
                    for (var i = 0; i < m.removeAttributes.length; ++i)
                        w.uint32(82).string(m.removeAttributes[i]);
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            UpdateNode.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, k, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.UpdateNode();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            m.state = r.stringVerify();
                            m._state = "state";
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            m.reason = r.stringVerify();
                            m._reason = "reason";
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if (!(m.addFlags && m.addFlags.length))
                                m.addFlags = [];
                            m.addFlags.push(r.stringVerify());
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if (!(m.removeFlags && m.removeFlags.length))
                                m.removeFlags = [];
                            m.removeFlags.push(r.stringVerify());
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            m.mode = r.uint32();
                            m._mode = "mode";
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            m.owner = r.uint32();
                            m._owner = "owner";
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            m.group = r.uint32();
                            m._group = "group";
                            continue;
                        }
                    case 9: {
                            if (u !== 2)
                                break;
                            if (m.setAttributes === $util.emptyObject)
                                m.setAttributes = {};
                            var c2 = r.size() + r.pos;
                            if (c2 > r.len)
                                throw $RangeError("index out of range");
                            r.len = c2;
                            k = "";
                            v = "";
                            while (r.pos < c2) {
                                var t2 = r.tag();
                                u = t2 & 7;
                                switch (t2 >>>= 3) {
                                case 1:
                                    if (u !== 2)
                                        break;
                                    k = r.stringVerify();
                                    continue;
                                case 2:
                                    if (u !== 2)
                                        break;
                                    v = r.stringVerify();
                                    continue;
                                }
                                r.skipType(u, q, t2);
                            }
                            if (r.pos !== c2)
                                throw $RangeError("index out of range");
                            r.len = c;
                            if (k === "__proto__")
                                $util.makeProp(m.setAttributes, k);
                            m.setAttributes[k] = v;
                            continue;
                        }
                    case 10: {
                            if (u !== 2)
                                break;
                            if (!(m.removeAttributes && m.removeAttributes.length))
                                m.removeAttributes = [];
                            m.removeAttributes.push(r.stringVerify());
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return UpdateNode;
        })();

        v1.Access = (function() {

            const Access = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Access.prototype.node = 0;

            Access.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Access.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Access();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Access;
        })();

        v1.Scope = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "SCOPE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "SCOPE_PROCESS"] = 1;
            values[valuesById[2] = "SCOPE_GROUP"] = 2;
            values[valuesById[3] = "SCOPE_TREE"] = 3;
            return values;
        })();

        v1.Kill = (function() {

            const Kill = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Kill.prototype.pid = 0;
            Kill.prototype.signal = 0;
            Kill.prototype.scope = 0;
            Kill.prototype.localPid = 0;
            Kill.prototype.startTime = 0;
            Kill.prototype.client = $util.newBuffer([]);
            Kill.prototype.clientRequest = 0;
            Kill.prototype.uid = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Kill.prototype, "_uid", {
                get: $util.oneOfGetter($oneOfFields = ["uid"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Kill.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(8).uint32(m.pid);
                if (m.signal != null && $Object.hasOwnProperty.call(m, "signal") && m.signal !== 0)
                    w.uint32(16).uint32(m.signal);
                if (m.scope != null && $Object.hasOwnProperty.call(m, "scope") && m.scope !== 0)
                    w.uint32(24).int32(m.scope);
                if (m.localPid != null && $Object.hasOwnProperty.call(m, "localPid") && m.localPid !== 0)
                    w.uint32(32).uint32(m.localPid);
                if (m.startTime != null && $Object.hasOwnProperty.call(m, "startTime") && (typeof m.startTime === "object" ? m.startTime.low || m.startTime.high : m.startTime !== 0))
                    w.uint32(40).uint64(m.startTime);
                if (m.client != null && $Object.hasOwnProperty.call(m, "client") && m.client.length)
                    w.uint32(50).bytes(m.client);
                if (m.clientRequest != null && $Object.hasOwnProperty.call(m, "clientRequest") && m.clientRequest !== 0)
                    w.uint32(56).uint32(m.clientRequest);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid"))
                    w.uint32(64).uint32(m.uid);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Kill.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Kill();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.signal = v;
                            else
                                delete m.signal;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.scope = v;
                            else
                                delete m.scope;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.localPid = v;
                            else
                                delete m.localPid;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.startTime = v;
                            else
                                delete m.startTime;
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.client = v;
                            else
                                delete m.client;
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.clientRequest = v;
                            else
                                delete m.clientRequest;
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            m.uid = r.uint32();
                            m._uid = "uid";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Kill;
        })();

        v1.Terminate = (function() {

            const Terminate = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Terminate.prototype.pid = 0;
            Terminate.prototype.graceMs = 0;
            Terminate.prototype.cancel = false;

            Terminate.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(8).uint32(m.pid);
                if (m.graceMs != null && $Object.hasOwnProperty.call(m, "graceMs") && (typeof m.graceMs === "object" ? m.graceMs.low || m.graceMs.high : m.graceMs !== 0))
                    w.uint32(16).uint64(m.graceMs);
                if (m.cancel != null && $Object.hasOwnProperty.call(m, "cancel") && m.cancel !== false)
                    w.uint32(24).bool(m.cancel);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Terminate.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Terminate();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.graceMs = v;
                            else
                                delete m.graceMs;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.cancel = v;
                            else
                                delete m.cancel;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Terminate;
        })();

        v1.Resize = (function() {

            const Resize = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Resize.prototype.pid = 0;
            Resize.prototype.size = null;

            Resize.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(8).uint32(m.pid);
                if (m.size != null && $Object.hasOwnProperty.call(m, "size"))
                    $root.bproc.v1.Terminal.encode(m.size, w.uint32(18).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Resize.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Resize();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            m.size = $root.bproc.v1.Terminal.decode(r, r.size(), $undefined, q + 1, m.size);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Resize;
        })();

        v1.Wait = (function() {

            const Wait = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Wait.prototype.pid = 0;

            Wait.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(8).uint32(m.pid);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Wait.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Wait();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Wait;
        })();

        v1.Abandon = (function() {

            const Abandon = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Abandon.prototype.id = 0;

            Abandon.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id !== 0)
                    w.uint32(8).uint32(m.id);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Abandon.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Abandon();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.id = v;
                            else
                                delete m.id;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Abandon;
        })();

        v1.ListProcesses = (function() {

            const ListProcesses = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ListProcesses.prototype.node = null;
            ListProcesses.prototype.startedOnly = false;
            ListProcesses.prototype.partial = false;
            ListProcesses.prototype.after = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ListProcesses.prototype, "_node", {
                get: $util.oneOfGetter($oneOfFields = ["node"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            ListProcesses.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    w.uint32(8).sint32(m.node);
                if (m.startedOnly != null && $Object.hasOwnProperty.call(m, "startedOnly") && m.startedOnly !== false)
                    w.uint32(16).bool(m.startedOnly);
                if (m.partial != null && $Object.hasOwnProperty.call(m, "partial") && m.partial !== false)
                    w.uint32(24).bool(m.partial);
                if (m.after != null && $Object.hasOwnProperty.call(m, "after"))
                    $root.bproc.v1.ProcessPlace.encode(m.after, w.uint32(34).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ListProcesses.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ListProcesses();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            m.node = r.sint32();
                            m._node = "node";
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.startedOnly = v;
                            else
                                delete m.startedOnly;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.partial = v;
                            else
                                delete m.partial;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            m.after = $root.bproc.v1.ProcessPlace.decode(r, r.size(), $undefined, q + 1, m.after);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ListProcesses;
        })();

        v1.ProcessPlace = (function() {

            const ProcessPlace = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ProcessPlace.prototype.node = 0;
            ProcessPlace.prototype.localPid = 0;
            ProcessPlace.prototype.startTime = 0;
            ProcessPlace.prototype.puid = $util.newBuffer([]);

            ProcessPlace.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.localPid != null && $Object.hasOwnProperty.call(m, "localPid") && m.localPid !== 0)
                    w.uint32(16).uint32(m.localPid);
                if (m.startTime != null && $Object.hasOwnProperty.call(m, "startTime") && (typeof m.startTime === "object" ? m.startTime.low || m.startTime.high : m.startTime !== 0))
                    w.uint32(24).uint64(m.startTime);
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(34).bytes(m.puid);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ProcessPlace.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ProcessPlace();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.localPid = v;
                            else
                                delete m.localPid;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.startTime = v;
                            else
                                delete m.startTime;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ProcessPlace;
        })();

        v1.ProcessRecord = (function() {

            const ProcessRecord = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ProcessRecord.prototype.pid = 0;
            ProcessRecord.prototype.ppid = 0;
            ProcessRecord.prototype.pgid = 0;
            ProcessRecord.prototype.sid = 0;
            ProcessRecord.prototype.node = 0;
            ProcessRecord.prototype.localPid = 0;
            ProcessRecord.prototype.state = 0;
            ProcessRecord.prototype.command = "";
            ProcessRecord.prototype.uid = 0;
            ProcessRecord.prototype.startedAt = 0;
            ProcessRecord.prototype.puid = $util.newBuffer([]);
            ProcessRecord.prototype.detached = false;
            ProcessRecord.prototype.end = null;
            ProcessRecord.prototype.startTime = 0;
            ProcessRecord.prototype.localPpid = 0;
            ProcessRecord.prototype.localPgid = 0;
            ProcessRecord.prototype.localSid = 0;
            ProcessRecord.prototype.mapped = false;
            ProcessRecord.prototype.ghost = 0;

            ProcessRecord.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(8).uint32(m.pid);
                if (m.ppid != null && $Object.hasOwnProperty.call(m, "ppid") && m.ppid !== 0)
                    w.uint32(16).uint32(m.ppid);
                if (m.pgid != null && $Object.hasOwnProperty.call(m, "pgid") && m.pgid !== 0)
                    w.uint32(24).uint32(m.pgid);
                if (m.sid != null && $Object.hasOwnProperty.call(m, "sid") && m.sid !== 0)
                    w.uint32(32).uint32(m.sid);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(40).sint32(m.node);
                if (m.localPid != null && $Object.hasOwnProperty.call(m, "localPid") && m.localPid !== 0)
                    w.uint32(48).uint32(m.localPid);
                if (m.state != null && $Object.hasOwnProperty.call(m, "state") && m.state !== 0)
                    w.uint32(56).int32(m.state);
                if (m.command != null && $Object.hasOwnProperty.call(m, "command") && m.command !== "")
                    w.uint32(66).string(m.command);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(72).uint32(m.uid);
                if (m.startedAt != null && $Object.hasOwnProperty.call(m, "startedAt") && (typeof m.startedAt === "object" ? m.startedAt.low || m.startedAt.high : m.startedAt !== 0))
                    w.uint32(80).uint64(m.startedAt);
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(90).bytes(m.puid);
                if (m.detached != null && $Object.hasOwnProperty.call(m, "detached") && m.detached !== false)
                    w.uint32(96).bool(m.detached);
                if (m.end != null && $Object.hasOwnProperty.call(m, "end"))
                    $root.bproc.v1.End.encode(m.end, w.uint32(106).fork(), q + 1).ldelim();
                if (m.startTime != null && $Object.hasOwnProperty.call(m, "startTime") && (typeof m.startTime === "object" ? m.startTime.low || m.startTime.high : m.startTime !== 0))
                    w.uint32(112).uint64(m.startTime);
                if (m.localPpid != null && $Object.hasOwnProperty.call(m, "localPpid") && m.localPpid !== 0)
                    w.uint32(120).uint32(m.localPpid);
                if (m.localPgid != null && $Object.hasOwnProperty.call(m, "localPgid") && m.localPgid !== 0)
                    w.uint32(128).uint32(m.localPgid);
                if (m.localSid != null && $Object.hasOwnProperty.call(m, "localSid") && m.localSid !== 0)
                    w.uint32(136).uint32(m.localSid);
                if (m.mapped != null && $Object.hasOwnProperty.call(m, "mapped") && m.mapped !== false)
                    w.uint32(144).bool(m.mapped);
                if (m.ghost != null && $Object.hasOwnProperty.call(m, "ghost") && m.ghost !== 0)
                    w.uint32(320).uint32(m.ghost);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ProcessRecord.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ProcessRecord();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.ppid = v;
                            else
                                delete m.ppid;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pgid = v;
                            else
                                delete m.pgid;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.sid = v;
                            else
                                delete m.sid;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.localPid = v;
                            else
                                delete m.localPid;
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.state = v;
                            else
                                delete m.state;
                            continue;
                        }
                    case 8: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.command = v;
                            else
                                delete m.command;
                            continue;
                        }
                    case 9: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    case 10: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.startedAt = v;
                            else
                                delete m.startedAt;
                            continue;
                        }
                    case 11: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 12: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.detached = v;
                            else
                                delete m.detached;
                            continue;
                        }
                    case 13: {
                            if (u !== 2)
                                break;
                            m.end = $root.bproc.v1.End.decode(r, r.size(), $undefined, q + 1, m.end);
                            continue;
                        }
                    case 14: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.startTime = v;
                            else
                                delete m.startTime;
                            continue;
                        }
                    case 15: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.localPpid = v;
                            else
                                delete m.localPpid;
                            continue;
                        }
                    case 16: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.localPgid = v;
                            else
                                delete m.localPgid;
                            continue;
                        }
                    case 17: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.localSid = v;
                            else
                                delete m.localSid;
                            continue;
                        }
                    case 18: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.mapped = v;
                            else
                                delete m.mapped;
                            continue;
                        }
                    case 40: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.ghost = v;
                            else
                                delete m.ghost;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ProcessRecord;
        })();

        v1.Ghosts = (function() {

            const Ghosts = function (p) {
                this.ghosts = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Ghosts.prototype.ghosts = $util.emptyArray;

            Ghosts.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.ghosts != null && m.ghosts.length) {
                    for (var i = 0; i < m.ghosts.length; ++i)
                        $root.bproc.v1.Ghost.encode(m.ghosts[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Ghosts.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Ghosts();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.ghosts && m.ghosts.length))
                                m.ghosts = [];
                            m.ghosts.push($root.bproc.v1.Ghost.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Ghosts;
        })();

        v1.Ghost = (function() {

            const Ghost = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Ghost.prototype.puid = $util.newBuffer([]);
            Ghost.prototype.pid = 0;

            Ghost.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(16).uint32(m.pid);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Ghost.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Ghost();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Ghost;
        })();

        v1.ProcessList = (function() {

            const ProcessList = function (p) {
                this.processes = [];
                this.missing = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ProcessList.prototype.processes = $util.emptyArray;
            ProcessList.prototype.missing = $util.emptyArray;
            ProcessList.prototype.more = false;

            ProcessList.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.processes != null && m.processes.length) {
                    for (var i = 0; i < m.processes.length; ++i)
                        $root.bproc.v1.ProcessRecord.encode(m.processes[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.missing != null && m.missing.length) {
                    w.uint32(18).sint32s(m.missing);
                }
                if (m.more != null && $Object.hasOwnProperty.call(m, "more") && m.more !== false)
                    w.uint32(24).bool(m.more);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ProcessList.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ProcessList();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.processes && m.processes.length))
                                m.processes = [];
                            m.processes.push($root.bproc.v1.ProcessRecord.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 2: {
                            if (u === 2) {
                                if (!(m.missing && m.missing.length))
                                    m.missing = [];
                                r.sint32s(m.missing);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.missing && m.missing.length))
                                m.missing = [];
                            m.missing.push(r.sint32());
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.more = v;
                            else
                                delete m.more;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ProcessList;
        })();

        v1.Power = (function() {

            const Power = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Power.prototype.node = 0;
            Power.prototype.action = 0;

            Power.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.action != null && $Object.hasOwnProperty.call(m, "action") && m.action !== 0)
                    w.uint32(16).int32(m.action);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Power.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Power();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.action = v;
                            else
                                delete m.action;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            Power.Action = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "ACTION_UNSPECIFIED"] = 0;
                values[valuesById[1] = "ACTION_REBOOT"] = 1;
                values[valuesById[2] = "ACTION_HALT"] = 2;
                values[valuesById[3] = "ACTION_POWER_OFF"] = 3;
                return values;
            })();

            return Power;
        })();

        v1.Chroot = (function() {

            const Chroot = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Chroot.prototype.node = 0;
            Chroot.prototype.path = "";

            Chroot.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.path != null && $Object.hasOwnProperty.call(m, "path") && m.path !== "")
                    w.uint32(18).string(m.path);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Chroot.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Chroot();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.path = v;
                            else
                                delete m.path;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Chroot;
        })();

        v1.Reconnect = (function() {

            const Reconnect = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Reconnect.prototype.node = 0;
            Reconnect.prototype.address = "";

            Reconnect.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.address != null && $Object.hasOwnProperty.call(m, "address") && m.address !== "")
                    w.uint32(18).string(m.address);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Reconnect.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Reconnect();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.address = v;
                            else
                                delete m.address;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Reconnect;
        })();

        v1.Detach = (function() {

            const Detach = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Detach.prototype.pid = 0;
            Detach.prototype.code = 0;

            Detach.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(8).uint32(m.pid);
                if (m.code != null && $Object.hasOwnProperty.call(m, "code") && m.code !== 0)
                    w.uint32(16).uint32(m.code);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Detach.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Detach();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.code = v;
                            else
                                delete m.code;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Detach;
        })();

        v1.Subscribe = (function() {

            const Subscribe = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Subscribe.prototype.cursor = "";
            Subscribe.prototype.processes = false;
            Subscribe.prototype.id = 0;

            Subscribe.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.cursor != null && $Object.hasOwnProperty.call(m, "cursor") && m.cursor !== "")
                    w.uint32(10).string(m.cursor);
                if (m.processes != null && $Object.hasOwnProperty.call(m, "processes") && m.processes !== false)
                    w.uint32(16).bool(m.processes);
                if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id !== 0)
                    w.uint32(24).uint32(m.id);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Subscribe.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Subscribe();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.cursor = v;
                            else
                                delete m.cursor;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.processes = v;
                            else
                                delete m.processes;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.id = v;
                            else
                                delete m.id;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Subscribe;
        })();

        v1.Subscribed = (function() {

            const Subscribed = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Subscribed.prototype.cursor = "";
            Subscribed.prototype.id = 0;

            Subscribed.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.cursor != null && $Object.hasOwnProperty.call(m, "cursor") && m.cursor !== "")
                    w.uint32(10).string(m.cursor);
                if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id !== 0)
                    w.uint32(16).uint32(m.id);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Subscribed.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Subscribed();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.cursor = v;
                            else
                                delete m.cursor;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.id = v;
                            else
                                delete m.id;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Subscribed;
        })();

        v1.Unsubscribe = (function() {

            const Unsubscribe = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Unsubscribe.prototype.id = 0;

            Unsubscribe.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id !== 0)
                    w.uint32(8).uint32(m.id);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Unsubscribe.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Unsubscribe();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.id = v;
                            else
                                delete m.id;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Unsubscribe;
        })();

        v1.Status = (function() {

            const Status = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Status.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Status.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Status();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    r.skipType(t & 7, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Status;
        })();

        v1.MasterStatus = (function() {

            const MasterStatus = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            MasterStatus.prototype.epoch = null;
            MasterStatus.prototype.address = "";
            MasterStatus.prototype.nodes = 0;
            MasterStatus.prototype.processes = 0;
            MasterStatus.prototype.uid = 0;

            MasterStatus.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.epoch != null && $Object.hasOwnProperty.call(m, "epoch"))
                    $root.bproc.v1.Epoch.encode(m.epoch, w.uint32(10).fork(), q + 1).ldelim();
                if (m.address != null && $Object.hasOwnProperty.call(m, "address") && m.address !== "")
                    w.uint32(18).string(m.address);
                if (m.nodes != null && $Object.hasOwnProperty.call(m, "nodes") && m.nodes !== 0)
                    w.uint32(24).uint32(m.nodes);
                if (m.processes != null && $Object.hasOwnProperty.call(m, "processes") && m.processes !== 0)
                    w.uint32(32).uint32(m.processes);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(40).uint32(m.uid);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            MasterStatus.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.MasterStatus();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            m.epoch = $root.bproc.v1.Epoch.decode(r, r.size(), $undefined, q + 1, m.epoch);
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.address = v;
                            else
                                delete m.address;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.nodes = v;
                            else
                                delete m.nodes;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.processes = v;
                            else
                                delete m.processes;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return MasterStatus;
        })();

        v1.Event = (function() {

            const Event = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Event.prototype.number = 0;
            Event.prototype.at = 0;
            Event.prototype.node = null;
            Event.prototype.process = null;
            Event.prototype.gap = null;

            let $oneOfFields;

            $Object.defineProperty(Event.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["node", "process", "gap"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Event.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(8).uint64(m.number);
                if (m.at != null && $Object.hasOwnProperty.call(m, "at") && (typeof m.at === "object" ? m.at.low || m.at.high : m.at !== 0))
                    w.uint32(16).uint64(m.at);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    $root.bproc.v1.NodeEvent.encode(m.node, w.uint32(82).fork(), q + 1).ldelim();
                if (m.process != null && $Object.hasOwnProperty.call(m, "process"))
                    $root.bproc.v1.ProcessEvent.encode(m.process, w.uint32(90).fork(), q + 1).ldelim();
                if (m.gap != null && $Object.hasOwnProperty.call(m, "gap"))
                    $root.bproc.v1.GapEvent.encode(m.gap, w.uint32(98).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Event.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Event();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.at = v;
                            else
                                delete m.at;
                            continue;
                        }
                    case 10: {
                            if (u !== 2)
                                break;
                            m.node = $root.bproc.v1.NodeEvent.decode(r, r.size(), $undefined, q + 1, m.node);
                            m.body = "node";
                            continue;
                        }
                    case 11: {
                            if (u !== 2)
                                break;
                            m.process = $root.bproc.v1.ProcessEvent.decode(r, r.size(), $undefined, q + 1, m.process);
                            m.body = "process";
                            continue;
                        }
                    case 12: {
                            if (u !== 2)
                                break;
                            m.gap = $root.bproc.v1.GapEvent.decode(r, r.size(), $undefined, q + 1, m.gap);
                            m.body = "gap";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Event;
        })();

        v1.NodeEvent = (function() {

            const NodeEvent = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NodeEvent.prototype.change = "";
            NodeEvent.prototype.node = null;

            NodeEvent.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.change != null && $Object.hasOwnProperty.call(m, "change") && m.change !== "")
                    w.uint32(10).string(m.change);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    $root.bproc.v1.NodeRecord.encode(m.node, w.uint32(18).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NodeEvent.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NodeEvent();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.change = v;
                            else
                                delete m.change;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            m.node = $root.bproc.v1.NodeRecord.decode(r, r.size(), $undefined, q + 1, m.node);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NodeEvent;
        })();

        v1.ProcessEvent = (function() {

            const ProcessEvent = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ProcessEvent.prototype.process = null;

            ProcessEvent.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.process != null && $Object.hasOwnProperty.call(m, "process"))
                    $root.bproc.v1.ProcessRecord.encode(m.process, w.uint32(10).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ProcessEvent.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ProcessEvent();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            m.process = $root.bproc.v1.ProcessRecord.decode(r, r.size(), $undefined, q + 1, m.process);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ProcessEvent;
        })();

        v1.GapEvent = (function() {

            const GapEvent = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            GapEvent.prototype.reason = "";

            GapEvent.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.reason != null && $Object.hasOwnProperty.call(m, "reason") && m.reason !== "")
                    w.uint32(10).string(m.reason);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            GapEvent.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.GapEvent();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.reason = v;
                            else
                                delete m.reason;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return GapEvent;
        })();

        v1.Events = (function() {

            const Events = function (p) {
                this.events = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Events.prototype.id = 0;
            Events.prototype.events = $util.emptyArray;
            Events.prototype.cursor = "";

            Events.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id !== 0)
                    w.uint32(8).uint32(m.id);
                if (m.events != null && m.events.length) {
                    for (var i = 0; i < m.events.length; ++i)
                        $root.bproc.v1.Event.encode(m.events[i], w.uint32(18).fork(), q + 1).ldelim();
                }
                if (m.cursor != null && $Object.hasOwnProperty.call(m, "cursor") && m.cursor !== "")
                    w.uint32(26).string(m.cursor);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Events.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Events();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.id = v;
                            else
                                delete m.id;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if (!(m.events && m.events.length))
                                m.events = [];
                            m.events.push($root.bproc.v1.Event.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.cursor = v;
                            else
                                delete m.cursor;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Events;
        })();

        v1.EventsAck = (function() {

            const EventsAck = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            EventsAck.prototype.id = 0;
            EventsAck.prototype.cursor = "";

            EventsAck.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id !== 0)
                    w.uint32(8).uint32(m.id);
                if (m.cursor != null && $Object.hasOwnProperty.call(m, "cursor") && m.cursor !== "")
                    w.uint32(18).string(m.cursor);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            EventsAck.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.EventsAck();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.id = v;
                            else
                                delete m.id;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.cursor = v;
                            else
                                delete m.cursor;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return EventsAck;
        })();

        v1.Move = (function() {

            const Move = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Move.prototype.pid = 0;
            Move.prototype.node = 0;
            Move.prototype.closeConnections = false;
            Move.prototype.bytesPerSecond = 0;
            Move.prototype.progress = false;
            Move.prototype.virtualAddress = "";
            Move.prototype.postCopy = false;
            Move.prototype.repeated = false;

            Move.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(8).uint32(m.pid);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(16).sint32(m.node);
                if (m.closeConnections != null && $Object.hasOwnProperty.call(m, "closeConnections") && m.closeConnections !== false)
                    w.uint32(24).bool(m.closeConnections);
                if (m.bytesPerSecond != null && $Object.hasOwnProperty.call(m, "bytesPerSecond") && (typeof m.bytesPerSecond === "object" ? m.bytesPerSecond.low || m.bytesPerSecond.high : m.bytesPerSecond !== 0))
                    w.uint32(32).uint64(m.bytesPerSecond);
                if (m.progress != null && $Object.hasOwnProperty.call(m, "progress") && m.progress !== false)
                    w.uint32(40).bool(m.progress);
                if (m.repeated != null && $Object.hasOwnProperty.call(m, "repeated") && m.repeated !== false)
                    w.uint32(680).bool(m.repeated);
                if (m.virtualAddress != null && $Object.hasOwnProperty.call(m, "virtualAddress") && m.virtualAddress !== "")
                    w.uint32(722).string(m.virtualAddress);
                if (m.postCopy != null && $Object.hasOwnProperty.call(m, "postCopy") && m.postCopy !== false)
                    w.uint32(728).bool(m.postCopy);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Move.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Move();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.closeConnections = v;
                            else
                                delete m.closeConnections;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.bytesPerSecond = v;
                            else
                                delete m.bytesPerSecond;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.progress = v;
                            else
                                delete m.progress;
                            continue;
                        }
                    case 90: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.virtualAddress = v;
                            else
                                delete m.virtualAddress;
                            continue;
                        }
                    case 91: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.postCopy = v;
                            else
                                delete m.postCopy;
                            continue;
                        }
                    case 85: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.repeated = v;
                            else
                                delete m.repeated;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Move;
        })();

        v1.CallOffMove = (function() {

            const CallOffMove = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            CallOffMove.prototype.request = 0;
            CallOffMove.prototype.pid = 0;

            CallOffMove.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.request != null && $Object.hasOwnProperty.call(m, "request") && m.request !== 0)
                    w.uint32(8).uint32(m.request);
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(16).uint32(m.pid);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            CallOffMove.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.CallOffMove();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.request = v;
                            else
                                delete m.request;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return CallOffMove;
        })();

        v1.CallOff = (function() {

            const CallOff = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            CallOff.prototype.puid = $util.newBuffer([]);
            CallOff.prototype.number = 0;

            CallOff.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            CallOff.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.CallOff();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return CallOff;
        })();

        v1.MoveProgress = (function() {

            const MoveProgress = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            MoveProgress.prototype.puid = $util.newBuffer([]);
            MoveProgress.prototype.number = 0;
            MoveProgress.prototype.request = 0;
            MoveProgress.prototype.phase = 0;
            MoveProgress.prototype.bytes = 0;
            MoveProgress.prototype.totalBytes = 0;

            MoveProgress.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.request != null && $Object.hasOwnProperty.call(m, "request") && m.request !== 0)
                    w.uint32(24).uint32(m.request);
                if (m.phase != null && $Object.hasOwnProperty.call(m, "phase") && m.phase !== 0)
                    w.uint32(32).int32(m.phase);
                if (m.bytes != null && $Object.hasOwnProperty.call(m, "bytes") && (typeof m.bytes === "object" ? m.bytes.low || m.bytes.high : m.bytes !== 0))
                    w.uint32(40).uint64(m.bytes);
                if (m.totalBytes != null && $Object.hasOwnProperty.call(m, "totalBytes") && (typeof m.totalBytes === "object" ? m.totalBytes.low || m.totalBytes.high : m.totalBytes !== 0))
                    w.uint32(48).uint64(m.totalBytes);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            MoveProgress.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.MoveProgress();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.request = v;
                            else
                                delete m.request;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.int32())
                                m.phase = v;
                            else
                                delete m.phase;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.bytes = v;
                            else
                                delete m.bytes;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.totalBytes = v;
                            else
                                delete m.totalBytes;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            MoveProgress.Phase = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "CAPTURING"] = 0;
                values[valuesById[1] = "SENDING"] = 1;
                values[valuesById[2] = "MAKING"] = 2;
                return values;
            })();

            return MoveProgress;
        })();

        v1.Depart = (function() {

            const Depart = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Depart.prototype.puid = $util.newBuffer([]);
            Depart.prototype.number = 0;
            Depart.prototype.node = 0;
            Depart.prototype.address = "";
            Depart.prototype.ticket = $util.newBuffer([]);
            Depart.prototype.closeConnections = false;
            Depart.prototype.copy = null;
            Depart.prototype.virtualAddress = "";
            Depart.prototype.bytesPerSecond = 0;
            Depart.prototype.progress = false;
            Depart.prototype.postCopy = false;

            Depart.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(24).sint32(m.node);
                if (m.address != null && $Object.hasOwnProperty.call(m, "address") && m.address !== "")
                    w.uint32(34).string(m.address);
                if (m.ticket != null && $Object.hasOwnProperty.call(m, "ticket") && m.ticket.length)
                    w.uint32(42).bytes(m.ticket);
                if (m.closeConnections != null && $Object.hasOwnProperty.call(m, "closeConnections") && m.closeConnections !== false)
                    w.uint32(48).bool(m.closeConnections);
                if (m.copy != null && $Object.hasOwnProperty.call(m, "copy"))
                    $root.bproc.v1.Start.encode(m.copy, w.uint32(58).fork(), q + 1).ldelim();
                if (m.bytesPerSecond != null && $Object.hasOwnProperty.call(m, "bytesPerSecond") && (typeof m.bytesPerSecond === "object" ? m.bytesPerSecond.low || m.bytesPerSecond.high : m.bytesPerSecond !== 0))
                    w.uint32(64).uint64(m.bytesPerSecond);
                if (m.progress != null && $Object.hasOwnProperty.call(m, "progress") && m.progress !== false)
                    w.uint32(72).bool(m.progress);
                if (m.virtualAddress != null && $Object.hasOwnProperty.call(m, "virtualAddress") && m.virtualAddress !== "")
                    w.uint32(722).string(m.virtualAddress);
                if (m.postCopy != null && $Object.hasOwnProperty.call(m, "postCopy") && m.postCopy !== false)
                    w.uint32(728).bool(m.postCopy);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Depart.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Depart();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.address = v;
                            else
                                delete m.address;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.ticket = v;
                            else
                                delete m.ticket;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.closeConnections = v;
                            else
                                delete m.closeConnections;
                            continue;
                        }
                    case 7: {
                            if (u !== 2)
                                break;
                            m.copy = $root.bproc.v1.Start.decode(r, r.size(), $undefined, q + 1, m.copy);
                            continue;
                        }
                    case 90: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.virtualAddress = v;
                            else
                                delete m.virtualAddress;
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.bytesPerSecond = v;
                            else
                                delete m.bytesPerSecond;
                            continue;
                        }
                    case 9: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.progress = v;
                            else
                                delete m.progress;
                            continue;
                        }
                    case 91: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.postCopy = v;
                            else
                                delete m.postCopy;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Depart;
        })();

        v1.Departed = (function() {

            const Departed = function (p) {
                this.signals = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Departed.prototype.puid = $util.newBuffer([]);
            Departed.prototype.number = 0;
            Departed.prototype.failure = null;
            Departed.prototype.signals = $util.emptyArray;
            Departed.prototype.node = 0;
            Departed.prototype.process = null;

            Departed.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.failure != null && $Object.hasOwnProperty.call(m, "failure"))
                    $root.bproc.v1.Failure.encode(m.failure, w.uint32(26).fork(), q + 1).ldelim();
                if (m.signals != null && m.signals.length) {
                    for (var i = 0; i < m.signals.length; ++i)
                        $root.bproc.v1.LateSignal.encode(m.signals[i], w.uint32(34).fork(), q + 1).ldelim();
                }
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(40).sint32(m.node);
                if (m.process != null && $Object.hasOwnProperty.call(m, "process"))
                    $root.bproc.v1.ProcessReport.encode(m.process, w.uint32(50).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Departed.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Departed();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            m.failure = $root.bproc.v1.Failure.decode(r, r.size(), $undefined, q + 1, m.failure);
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if (!(m.signals && m.signals.length))
                                m.signals = [];
                            m.signals.push($root.bproc.v1.LateSignal.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            m.process = $root.bproc.v1.ProcessReport.decode(r, r.size(), $undefined, q + 1, m.process);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Departed;
        })();

        v1.LateSignal = (function() {

            const LateSignal = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            LateSignal.prototype.signal = 0;
            LateSignal.prototype.scope = 0;

            LateSignal.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.signal != null && $Object.hasOwnProperty.call(m, "signal") && m.signal !== 0)
                    w.uint32(8).uint32(m.signal);
                if (m.scope != null && $Object.hasOwnProperty.call(m, "scope") && m.scope !== 0)
                    w.uint32(16).uint32(m.scope);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            LateSignal.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.LateSignal();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.signal = v;
                            else
                                delete m.signal;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.scope = v;
                            else
                                delete m.scope;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return LateSignal;
        })();

        v1.Bring = (function() {

            const Bring = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Bring.prototype.puid = $util.newBuffer([]);
            Bring.prototype.number = 0;
            Bring.prototype.node = 0;
            Bring.prototype.ticket = $util.newBuffer([]);
            Bring.prototype.pid = 0;
            Bring.prototype.engine = "";
            Bring.prototype.facts = $util.newBuffer([]);
            Bring.prototype.copy = null;
            Bring.prototype.virtualAddress = "";
            Bring.prototype.postCopy = false;
            Bring.prototype.luggageAddress = "";
            Bring.prototype.luggageTicket = $util.newBuffer([]);

            Bring.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(24).sint32(m.node);
                if (m.ticket != null && $Object.hasOwnProperty.call(m, "ticket") && m.ticket.length)
                    w.uint32(34).bytes(m.ticket);
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(40).uint32(m.pid);
                if (m.engine != null && $Object.hasOwnProperty.call(m, "engine") && m.engine !== "")
                    w.uint32(50).string(m.engine);
                if (m.facts != null && $Object.hasOwnProperty.call(m, "facts") && m.facts.length)
                    w.uint32(58).bytes(m.facts);
                if (m.copy != null && $Object.hasOwnProperty.call(m, "copy"))
                    $root.bproc.v1.Start.encode(m.copy, w.uint32(66).fork(), q + 1).ldelim();
                if (m.virtualAddress != null && $Object.hasOwnProperty.call(m, "virtualAddress") && m.virtualAddress !== "")
                    w.uint32(722).string(m.virtualAddress);
                if (m.postCopy != null && $Object.hasOwnProperty.call(m, "postCopy") && m.postCopy !== false)
                    w.uint32(728).bool(m.postCopy);
                if (m.luggageAddress != null && $Object.hasOwnProperty.call(m, "luggageAddress") && m.luggageAddress !== "")
                    w.uint32(794).string(m.luggageAddress);
                if (m.luggageTicket != null && $Object.hasOwnProperty.call(m, "luggageTicket") && m.luggageTicket.length)
                    w.uint32(802).bytes(m.luggageTicket);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Bring.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Bring();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.ticket = v;
                            else
                                delete m.ticket;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.engine = v;
                            else
                                delete m.engine;
                            continue;
                        }
                    case 7: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.facts = v;
                            else
                                delete m.facts;
                            continue;
                        }
                    case 8: {
                            if (u !== 2)
                                break;
                            m.copy = $root.bproc.v1.Start.decode(r, r.size(), $undefined, q + 1, m.copy);
                            continue;
                        }
                    case 90: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.virtualAddress = v;
                            else
                                delete m.virtualAddress;
                            continue;
                        }
                    case 91: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.postCopy = v;
                            else
                                delete m.postCopy;
                            continue;
                        }
                    case 99: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.luggageAddress = v;
                            else
                                delete m.luggageAddress;
                            continue;
                        }
                    case 100: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.luggageTicket = v;
                            else
                                delete m.luggageTicket;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Bring;
        })();

        v1.Needs = (function() {

            const Needs = function (p) {
                this.files = [];
                this.cpuFeatures = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Needs.prototype.files = $util.emptyArray;
            Needs.prototype.architecture = "";
            Needs.prototype.cpuFeatures = $util.emptyArray;
            Needs.prototype.image = $util.newBuffer([]);
            Needs.prototype.imageBytes = 0;

            Needs.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.files != null && m.files.length) {
                    for (var i = 0; i < m.files.length; ++i)
                        $root.bproc.v1.Needs.File.encode(m.files[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.architecture != null && $Object.hasOwnProperty.call(m, "architecture") && m.architecture !== "")
                    w.uint32(18).string(m.architecture);
                if (m.cpuFeatures != null && m.cpuFeatures.length) {
                    for (var i = 0; i < m.cpuFeatures.length; ++i)
                        w.uint32(26).string(m.cpuFeatures[i]);
                }
                if (m.image != null && $Object.hasOwnProperty.call(m, "image") && m.image.length)
                    w.uint32(778).bytes(m.image);
                if (m.imageBytes != null && $Object.hasOwnProperty.call(m, "imageBytes") && (typeof m.imageBytes === "object" ? m.imageBytes.low || m.imageBytes.high : m.imageBytes !== 0))
                    w.uint32(784).uint64(m.imageBytes);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Needs.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Needs();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.files && m.files.length))
                                m.files = [];
                            m.files.push($root.bproc.v1.Needs.File.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.architecture = v;
                            else
                                delete m.architecture;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if (!(m.cpuFeatures && m.cpuFeatures.length))
                                m.cpuFeatures = [];
                            m.cpuFeatures.push(r.stringVerify());
                            continue;
                        }
                    case 97: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.image = v;
                            else
                                delete m.image;
                            continue;
                        }
                    case 98: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.imageBytes = v;
                            else
                                delete m.imageBytes;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            Needs.File = (function() {

                const File = function (p) {
                    if (p)
                        for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                            if (p[ks[i]] != null && ks[i] !== "__proto__")
                                this[ks[i]] = p[ks[i]];
                };

                File.prototype.path = "";
                File.prototype.use = 0;
                File.prototype.size = 0;
                File.prototype.mode = 0;
                File.prototype.sha256 = $util.newBuffer([]);

                File.encode = function (m, w, q) {
                    if (!w)
                        w = $Writer.create();
                    if (q === $undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (m.path != null && $Object.hasOwnProperty.call(m, "path") && m.path !== "")
                        w.uint32(10).string(m.path);
                    if (m.use != null && $Object.hasOwnProperty.call(m, "use") && m.use !== 0)
                        w.uint32(16).int32(m.use);
                    if (m.size != null && $Object.hasOwnProperty.call(m, "size") && (typeof m.size === "object" ? m.size.low || m.size.high : m.size !== 0))
                        w.uint32(24).uint64(m.size);
                    if (m.mode != null && $Object.hasOwnProperty.call(m, "mode") && m.mode !== 0)
                        w.uint32(32).uint32(m.mode);
                    if (m.sha256 != null && $Object.hasOwnProperty.call(m, "sha256") && m.sha256.length)
                        w.uint32(42).bytes(m.sha256);
                    if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                        for (var i = 0; i < m.$unknowns.length; ++i)
                            w.raw(m.$unknowns[i]);
                    return w;
                };

                File.decode = function (r, l, z, q, g) {
                    if (!(r instanceof $Reader))
                        r = $Reader.create(r);
                    if (q === $undefined)
                        q = 0;
                    if (q > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    var c, m, v;
                    if (l === $undefined)
                        c = r.len;
                    else {
                        c = r.pos + l;
                        if (c > r.len)
                            throw $RangeError("index out of range");
                        l = r.len;
                        r.len = c;
                    }
                    m = g || new $root.bproc.v1.Needs.File();
                    while (r.pos < c) {
                        var s = r.pos;
                        var t = r.tag();
                        if (t === z) {
                            z = $undefined;
                            break;
                        }
                        var u = t & 7;
                        switch (t >>>= 3) {
                        case 1: {
                                if (u !== 2)
                                    break;
                                if ((v = r.stringVerify()).length)
                                    m.path = v;
                                else
                                    delete m.path;
                                continue;
                            }
                        case 2: {
                                if (u !== 0)
                                    break;
                                if (v = r.int32())
                                    m.use = v;
                                else
                                    delete m.use;
                                continue;
                            }
                        case 3: {
                                if (u !== 0)
                                    break;
                                if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                    m.size = v;
                                else
                                    delete m.size;
                                continue;
                            }
                        case 4: {
                                if (u !== 0)
                                    break;
                                if (v = r.uint32())
                                    m.mode = v;
                                else
                                    delete m.mode;
                                continue;
                            }
                        case 5: {
                                if (u !== 2)
                                    break;
                                if ((v = r.bytes()).length)
                                    m.sha256 = v;
                                else
                                    delete m.sha256;
                                continue;
                            }
                        }
                        r.skipType(u, q, t);
                        if (!r.discardUnknown) {
                            $util.makeProp(m, "$unknowns", false);
                            (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                        }
                    }
                    if (l !== $undefined) {
                        if (r.pos !== c)
                            throw $RangeError("index out of range");
                        r.len = l;
                    }
                    if (z !== $undefined)
                        throw $Error("missing end group");
                    return m;
                };

                File.Use = (function() {
                    const valuesById = $Object.create(null), values = $Object.create(valuesById);
                    values[valuesById[0] = "USE_UNSPECIFIED"] = 0;
                    values[valuesById[1] = "USE_CODE"] = 1;
                    values[valuesById[2] = "USE_READ"] = 2;
                    values[valuesById[3] = "USE_WRITTEN"] = 3;
                    values[valuesById[4] = "USE_DIRECTORY"] = 4;
                    values[valuesById[5] = "USE_APPENDED"] = 5;
                    return values;
                })();

                return File;
            })();

            return Needs;
        })();

        v1.NeedsImage = (function() {

            const NeedsImage = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NeedsImage.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NeedsImage.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NeedsImage();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    r.skipType(t & 7, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NeedsImage;
        })();

        v1.NeedsMet = (function() {

            const NeedsMet = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NeedsMet.prototype.takesParcels = false;

            NeedsMet.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.takesParcels != null && $Object.hasOwnProperty.call(m, "takesParcels") && m.takesParcels !== false)
                    w.uint32(680).bool(m.takesParcels);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NeedsMet.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NeedsMet();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 85: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.takesParcels = v;
                            else
                                delete m.takesParcels;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NeedsMet;
        })();

        v1.Grows = (function() {

            const Grows = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Grows.prototype.name = "";

            Grows.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                    w.uint32(10).string(m.name);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Grows.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Grows();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Grows;
        })();

        v1.Luggage = (function() {

            const Luggage = function (p) {
                this.files = [];
                this.outlets = [];
                this.pipes = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Luggage.prototype.files = $util.emptyArray;
            Luggage.prototype.input = 0;
            Luggage.prototype.outlets = $util.emptyArray;
            Luggage.prototype.pipes = $util.emptyArray;
            Luggage.prototype.note = $util.newBuffer([]);
            Luggage.prototype.stopped = 0;
            Luggage.prototype.closeConnections = false;
            Luggage.prototype.parcel = $util.newBuffer([]);
            Luggage.prototype.parcelBytes = 0;

            Luggage.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.files != null && m.files.length) {
                    for (var i = 0; i < m.files.length; ++i)
                        $root.bproc.v1.Luggage.File.encode(m.files[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.input != null && $Object.hasOwnProperty.call(m, "input") && (typeof m.input === "object" ? m.input.low || m.input.high : m.input !== 0))
                    w.uint32(16).uint64(m.input);
                if (m.outlets != null && m.outlets.length) {
                    for (var i = 0; i < m.outlets.length; ++i)
                        $root.bproc.v1.Luggage.Outlet.encode(m.outlets[i], w.uint32(26).fork(), q + 1).ldelim();
                }
                if (m.pipes != null && m.pipes.length) {
                    w.uint32(34).uint64s(m.pipes);
                }
                if (m.note != null && $Object.hasOwnProperty.call(m, "note") && m.note.length)
                    w.uint32(42).bytes(m.note);
                if (m.stopped != null && $Object.hasOwnProperty.call(m, "stopped") && m.stopped !== 0)
                    w.uint32(48).uint32(m.stopped);
                if (m.closeConnections != null && $Object.hasOwnProperty.call(m, "closeConnections") && m.closeConnections !== false)
                    w.uint32(56).bool(m.closeConnections);
                if (m.parcel != null && $Object.hasOwnProperty.call(m, "parcel") && m.parcel.length)
                    w.uint32(682).bytes(m.parcel);
                if (m.parcelBytes != null && $Object.hasOwnProperty.call(m, "parcelBytes") && (typeof m.parcelBytes === "object" ? m.parcelBytes.low || m.parcelBytes.high : m.parcelBytes !== 0))
                    w.uint32(688).uint64(m.parcelBytes);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Luggage.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Luggage();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.files && m.files.length))
                                m.files = [];
                            m.files.push($root.bproc.v1.Luggage.File.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.input = v;
                            else
                                delete m.input;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if (!(m.outlets && m.outlets.length))
                                m.outlets = [];
                            m.outlets.push($root.bproc.v1.Luggage.Outlet.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 4: {
                            if (u === 2) {
                                if (!(m.pipes && m.pipes.length))
                                    m.pipes = [];
                                r.uint64s(m.pipes);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.pipes && m.pipes.length))
                                m.pipes = [];
                            m.pipes.push(r.uint64());
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.note = v;
                            else
                                delete m.note;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.stopped = v;
                            else
                                delete m.stopped;
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.closeConnections = v;
                            else
                                delete m.closeConnections;
                            continue;
                        }
                    case 85: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.parcel = v;
                            else
                                delete m.parcel;
                            continue;
                        }
                    case 86: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.parcelBytes = v;
                            else
                                delete m.parcelBytes;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            Luggage.Outlet = (function() {

                const Outlet = function (p) {
                    if (p)
                        for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                            if (p[ks[i]] != null && ks[i] !== "__proto__")
                                this[ks[i]] = p[ks[i]];
                };

                Outlet.prototype.from = 0;
                Outlet.prototype.wanted = false;

                Outlet.encode = function (m, w, q) {
                    if (!w)
                        w = $Writer.create();
                    if (q === $undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (m.from != null && $Object.hasOwnProperty.call(m, "from") && (typeof m.from === "object" ? m.from.low || m.from.high : m.from !== 0))
                        w.uint32(8).uint64(m.from);
                    if (m.wanted != null && $Object.hasOwnProperty.call(m, "wanted") && m.wanted !== false)
                        w.uint32(16).bool(m.wanted);
                    if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                        for (var i = 0; i < m.$unknowns.length; ++i)
                            w.raw(m.$unknowns[i]);
                    return w;
                };

                Outlet.decode = function (r, l, z, q, g) {
                    if (!(r instanceof $Reader))
                        r = $Reader.create(r);
                    if (q === $undefined)
                        q = 0;
                    if (q > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    var c, m, v;
                    if (l === $undefined)
                        c = r.len;
                    else {
                        c = r.pos + l;
                        if (c > r.len)
                            throw $RangeError("index out of range");
                        l = r.len;
                        r.len = c;
                    }
                    m = g || new $root.bproc.v1.Luggage.Outlet();
                    while (r.pos < c) {
                        var s = r.pos;
                        var t = r.tag();
                        if (t === z) {
                            z = $undefined;
                            break;
                        }
                        var u = t & 7;
                        switch (t >>>= 3) {
                        case 1: {
                                if (u !== 0)
                                    break;
                                if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                    m.from = v;
                                else
                                    delete m.from;
                                continue;
                            }
                        case 2: {
                                if (u !== 0)
                                    break;
                                if (v = r.bool())
                                    m.wanted = v;
                                else
                                    delete m.wanted;
                                continue;
                            }
                        }
                        r.skipType(u, q, t);
                        if (!r.discardUnknown) {
                            $util.makeProp(m, "$unknowns", false);
                            (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                        }
                    }
                    if (l !== $undefined) {
                        if (r.pos !== c)
                            throw $RangeError("index out of range");
                        r.len = l;
                    }
                    if (z !== $undefined)
                        throw $Error("missing end group");
                    return m;
                };

                return Outlet;
            })();

            Luggage.File = (function() {

                const File = function (p) {
                    if (p)
                        for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                            if (p[ks[i]] != null && ks[i] !== "__proto__")
                                this[ks[i]] = p[ks[i]];
                };

                File.prototype.name = "";
                File.prototype.size = 0;

                File.encode = function (m, w, q) {
                    if (!w)
                        w = $Writer.create();
                    if (q === $undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                        w.uint32(10).string(m.name);
                    if (m.size != null && $Object.hasOwnProperty.call(m, "size") && (typeof m.size === "object" ? m.size.low || m.size.high : m.size !== 0))
                        w.uint32(16).uint64(m.size);
                    if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                        for (var i = 0; i < m.$unknowns.length; ++i)
                            w.raw(m.$unknowns[i]);
                    return w;
                };

                File.decode = function (r, l, z, q, g) {
                    if (!(r instanceof $Reader))
                        r = $Reader.create(r);
                    if (q === $undefined)
                        q = 0;
                    if (q > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    var c, m, v;
                    if (l === $undefined)
                        c = r.len;
                    else {
                        c = r.pos + l;
                        if (c > r.len)
                            throw $RangeError("index out of range");
                        l = r.len;
                        r.len = c;
                    }
                    m = g || new $root.bproc.v1.Luggage.File();
                    while (r.pos < c) {
                        var s = r.pos;
                        var t = r.tag();
                        if (t === z) {
                            z = $undefined;
                            break;
                        }
                        var u = t & 7;
                        switch (t >>>= 3) {
                        case 1: {
                                if (u !== 2)
                                    break;
                                if ((v = r.stringVerify()).length)
                                    m.name = v;
                                else
                                    delete m.name;
                                continue;
                            }
                        case 2: {
                                if (u !== 0)
                                    break;
                                if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                    m.size = v;
                                else
                                    delete m.size;
                                continue;
                            }
                        }
                        r.skipType(u, q, t);
                        if (!r.discardUnknown) {
                            $util.makeProp(m, "$unknowns", false);
                            (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                        }
                    }
                    if (l !== $undefined) {
                        if (r.pos !== c)
                            throw $RangeError("index out of range");
                        r.len = l;
                    }
                    if (z !== $undefined)
                        throw $Error("missing end group");
                    return m;
                };

                return File;
            })();

            return Luggage;
        })();

        v1.Still = (function() {

            const Still = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Still.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Still.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Still();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    r.skipType(t & 7, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Still;
        })();

        v1.Pages = (function() {

            const Pages = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Pages.prototype.bytes = $util.newBuffer([]);
            Pages.prototype.acknowledged = 0;
            Pages.prototype.isOver = false;

            Pages.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.bytes != null && $Object.hasOwnProperty.call(m, "bytes") && m.bytes.length)
                    w.uint32(10).bytes(m.bytes);
                if (m.acknowledged != null && $Object.hasOwnProperty.call(m, "acknowledged") && (typeof m.acknowledged === "object" ? m.acknowledged.low || m.acknowledged.high : m.acknowledged !== 0))
                    w.uint32(16).uint64(m.acknowledged);
                if (m.isOver != null && $Object.hasOwnProperty.call(m, "isOver") && m.isOver !== false)
                    w.uint32(24).bool(m.isOver);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Pages.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Pages();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.bytes = v;
                            else
                                delete m.bytes;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.acknowledged = v;
                            else
                                delete m.acknowledged;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.isOver = v;
                            else
                                delete m.isOver;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Pages;
        })();

        v1.Prepared = (function() {

            const Prepared = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Prepared.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Prepared.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Prepared();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    r.skipType(t & 7, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Prepared;
        })();

        v1.Settle = (function() {

            const Settle = function (p) {
                this.signals = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Settle.prototype.puid = $util.newBuffer([]);
            Settle.prototype.number = 0;
            Settle.prototype.go = false;
            Settle.prototype.signals = $util.emptyArray;

            Settle.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.go != null && $Object.hasOwnProperty.call(m, "go") && m.go !== false)
                    w.uint32(24).bool(m.go);
                if (m.signals != null && m.signals.length) {
                    for (var i = 0; i < m.signals.length; ++i)
                        $root.bproc.v1.LateSignal.encode(m.signals[i], w.uint32(34).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Settle.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Settle();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.go = v;
                            else
                                delete m.go;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if (!(m.signals && m.signals.length))
                                m.signals = [];
                            m.signals.push($root.bproc.v1.LateSignal.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Settle;
        })();

        v1.Arrived = (function() {

            const Arrived = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Arrived.prototype.puid = $util.newBuffer([]);
            Arrived.prototype.number = 0;
            Arrived.prototype.process = null;
            Arrived.prototype.failure = null;
            Arrived.prototype.from = 0;

            Arrived.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.process != null && $Object.hasOwnProperty.call(m, "process"))
                    $root.bproc.v1.ProcessReport.encode(m.process, w.uint32(26).fork(), q + 1).ldelim();
                if (m.failure != null && $Object.hasOwnProperty.call(m, "failure"))
                    $root.bproc.v1.Failure.encode(m.failure, w.uint32(34).fork(), q + 1).ldelim();
                if (m.from != null && $Object.hasOwnProperty.call(m, "from") && m.from !== 0)
                    w.uint32(40).sint32(m.from);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Arrived.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Arrived();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            m.process = $root.bproc.v1.ProcessReport.decode(r, r.size(), $undefined, q + 1, m.process);
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            m.failure = $root.bproc.v1.Failure.decode(r, r.size(), $undefined, q + 1, m.failure);
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.from = v;
                            else
                                delete m.from;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Arrived;
        })();

        v1.PidsAway = (function() {

            const PidsAway = function (p) {
                this.taken = [];
                this.free = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            PidsAway.prototype.taken = $util.emptyArray;
            PidsAway.prototype.free = $util.emptyArray;

            PidsAway.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.taken != null && m.taken.length) {
                    w.uint32(10).uint32s(m.taken);
                }
                if (m.free != null && m.free.length) {
                    w.uint32(18).uint32s(m.free);
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            PidsAway.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.PidsAway();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u === 2) {
                                if (!(m.taken && m.taken.length))
                                    m.taken = [];
                                r.uint32s(m.taken);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.taken && m.taken.length))
                                m.taken = [];
                            m.taken.push(r.uint32());
                            continue;
                        }
                    case 2: {
                            if (u === 2) {
                                if (!(m.free && m.free.length))
                                    m.free = [];
                                r.uint32s(m.free);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.free && m.free.length))
                                m.free = [];
                            m.free.push(r.uint32());
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return PidsAway;
        })();

        v1.Moved = (function() {

            const Moved = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Moved.prototype.puid = $util.newBuffer([]);
            Moved.prototype.pid = 0;
            Moved.prototype.node = 0;
            Moved.prototype.boot = $util.newBuffer([]);

            Moved.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                    w.uint32(10).bytes(m.puid);
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(16).uint32(m.pid);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(24).sint32(m.node);
                if (m.boot != null && $Object.hasOwnProperty.call(m, "boot") && m.boot.length)
                    w.uint32(34).bytes(m.boot);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Moved.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Moved();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.puid = v;
                            else
                                delete m.puid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.boot = v;
                            else
                                delete m.boot;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Moved;
        })();

        v1.Checkpoint = (function() {

            const Checkpoint = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Checkpoint.prototype.pid = 0;
            Checkpoint.prototype.uid = 0;
            Checkpoint.prototype.stop = false;
            Checkpoint.prototype.keep = false;

            Checkpoint.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(8).uint32(m.pid);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(16).uint32(m.uid);
                if (m.stop != null && $Object.hasOwnProperty.call(m, "stop") && m.stop !== false)
                    w.uint32(24).bool(m.stop);
                if (m.keep != null && $Object.hasOwnProperty.call(m, "keep") && m.keep !== false)
                    w.uint32(32).bool(m.keep);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Checkpoint.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Checkpoint();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.stop = v;
                            else
                                delete m.stop;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.keep = v;
                            else
                                delete m.keep;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Checkpoint;
        })();

        v1.CheckpointRoom = (function() {

            const CheckpointRoom = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            CheckpointRoom.prototype.node = 0;
            CheckpointRoom.prototype.remove = "";
            CheckpointRoom.prototype.uid = 0;
            CheckpointRoom.prototype.keep = "";
            CheckpointRoom.prototype.end = false;
            CheckpointRoom.prototype.kept = null;

            CheckpointRoom.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.remove != null && $Object.hasOwnProperty.call(m, "remove") && m.remove !== "")
                    w.uint32(18).string(m.remove);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(24).uint32(m.uid);
                if (m.keep != null && $Object.hasOwnProperty.call(m, "keep") && m.keep !== "")
                    w.uint32(34).string(m.keep);
                if (m.end != null && $Object.hasOwnProperty.call(m, "end") && m.end !== false)
                    w.uint32(40).bool(m.end);
                if (m.kept != null && $Object.hasOwnProperty.call(m, "kept"))
                    $root.bproc.v1.KeptName.encode(m.kept, w.uint32(50).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            CheckpointRoom.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.CheckpointRoom();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.remove = v;
                            else
                                delete m.remove;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.keep = v;
                            else
                                delete m.keep;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.end = v;
                            else
                                delete m.end;
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            m.kept = $root.bproc.v1.KeptName.decode(r, r.size(), $undefined, q + 1, m.kept);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return CheckpointRoom;
        })();

        v1.KeptName = (function() {

            const KeptName = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            KeptName.prototype.name = $util.newBuffer([]);
            KeptName.prototype.bytes = 0;
            KeptName.prototype.source = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(KeptName.prototype, "_source", {
                get: $util.oneOfGetter($oneOfFields = ["source"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            KeptName.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name.length)
                    w.uint32(10).bytes(m.name);
                if (m.bytes != null && $Object.hasOwnProperty.call(m, "bytes") && (typeof m.bytes === "object" ? m.bytes.low || m.bytes.high : m.bytes !== 0))
                    w.uint32(16).uint64(m.bytes);
                if (m.source != null && $Object.hasOwnProperty.call(m, "source"))
                    w.uint32(24).sint32(m.source);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            KeptName.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.KeptName();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.bytes = v;
                            else
                                delete m.bytes;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            m.source = r.sint32();
                            m._source = "source";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return KeptName;
        })();

        v1.Room = (function() {

            const Room = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Room.prototype.node = 0;
            Room.prototype.directory = "";
            Room.prototype.stopped = false;
            Room.prototype.kept = null;
            Room.prototype.command = "";

            Room.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.directory != null && $Object.hasOwnProperty.call(m, "directory") && m.directory !== "")
                    w.uint32(18).string(m.directory);
                if (m.stopped != null && $Object.hasOwnProperty.call(m, "stopped") && m.stopped !== false)
                    w.uint32(24).bool(m.stopped);
                if (m.kept != null && $Object.hasOwnProperty.call(m, "kept"))
                    $root.bproc.v1.KeptName.encode(m.kept, w.uint32(34).fork(), q + 1).ldelim();
                if (m.command != null && $Object.hasOwnProperty.call(m, "command") && m.command !== "")
                    w.uint32(42).string(m.command);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Room.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Room();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.directory = v;
                            else
                                delete m.directory;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.stopped = v;
                            else
                                delete m.stopped;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            m.kept = $root.bproc.v1.KeptName.decode(r, r.size(), $undefined, q + 1, m.kept);
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.command = v;
                            else
                                delete m.command;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Room;
        })();

        v1.KeptOrder = (function() {

            const KeptOrder = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            KeptOrder.prototype.node = 0;
            KeptOrder.prototype.uid = 0;
            KeptOrder.prototype.keep = null;
            KeptOrder.prototype.remove = $util.newBuffer([]);
            KeptOrder.prototype.only = $util.newBuffer([]);
            KeptOrder.prototype.after = $util.newBuffer([]);

            KeptOrder.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(16).uint32(m.uid);
                if (m.keep != null && $Object.hasOwnProperty.call(m, "keep"))
                    $root.bproc.v1.KeptName.encode(m.keep, w.uint32(26).fork(), q + 1).ldelim();
                if (m.remove != null && $Object.hasOwnProperty.call(m, "remove") && m.remove.length)
                    w.uint32(34).bytes(m.remove);
                if (m.only != null && $Object.hasOwnProperty.call(m, "only") && m.only.length)
                    w.uint32(42).bytes(m.only);
                if (m.after != null && $Object.hasOwnProperty.call(m, "after") && m.after.length)
                    w.uint32(50).bytes(m.after);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            KeptOrder.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.KeptOrder();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            m.keep = $root.bproc.v1.KeptName.decode(r, r.size(), $undefined, q + 1, m.keep);
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.remove = v;
                            else
                                delete m.remove;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.only = v;
                            else
                                delete m.only;
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.after = v;
                            else
                                delete m.after;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return KeptOrder;
        })();

        v1.KeptCheckpoint = (function() {

            const KeptCheckpoint = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            KeptCheckpoint.prototype.name = $util.newBuffer([]);
            KeptCheckpoint.prototype.bytes = 0;
            KeptCheckpoint.prototype.pid = 0;
            KeptCheckpoint.prototype.command = "";
            KeptCheckpoint.prototype.uid = 0;
            KeptCheckpoint.prototype.takenAt = 0;
            KeptCheckpoint.prototype.size = 0;

            KeptCheckpoint.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name.length)
                    w.uint32(10).bytes(m.name);
                if (m.bytes != null && $Object.hasOwnProperty.call(m, "bytes") && (typeof m.bytes === "object" ? m.bytes.low || m.bytes.high : m.bytes !== 0))
                    w.uint32(16).uint64(m.bytes);
                if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                    w.uint32(24).uint32(m.pid);
                if (m.command != null && $Object.hasOwnProperty.call(m, "command") && m.command !== "")
                    w.uint32(34).string(m.command);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(40).uint32(m.uid);
                if (m.takenAt != null && $Object.hasOwnProperty.call(m, "takenAt") && (typeof m.takenAt === "object" ? m.takenAt.low || m.takenAt.high : m.takenAt !== 0))
                    w.uint32(48).uint64(m.takenAt);
                if (m.size != null && $Object.hasOwnProperty.call(m, "size") && (typeof m.size === "object" ? m.size.low || m.size.high : m.size !== 0))
                    w.uint32(56).uint64(m.size);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            KeptCheckpoint.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.KeptCheckpoint();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.bytes = v;
                            else
                                delete m.bytes;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.pid = v;
                            else
                                delete m.pid;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.command = v;
                            else
                                delete m.command;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.takenAt = v;
                            else
                                delete m.takenAt;
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.size = v;
                            else
                                delete m.size;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return KeptCheckpoint;
        })();

        v1.KeptList = (function() {

            const KeptList = function (p) {
                this.checkpoints = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            KeptList.prototype.checkpoints = $util.emptyArray;
            KeptList.prototype.more = false;

            KeptList.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.checkpoints != null && m.checkpoints.length) {
                    for (var i = 0; i < m.checkpoints.length; ++i)
                        $root.bproc.v1.KeptCheckpoint.encode(m.checkpoints[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.more != null && $Object.hasOwnProperty.call(m, "more") && m.more !== false)
                    w.uint32(16).bool(m.more);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            KeptList.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.KeptList();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.checkpoints && m.checkpoints.length))
                                m.checkpoints = [];
                            m.checkpoints.push($root.bproc.v1.KeptCheckpoint.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.more = v;
                            else
                                delete m.more;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return KeptList;
        })();

        v1.Serve = (function() {

            const Serve = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Serve.prototype.service = "";
            Serve.prototype.body = $util.newBuffer([]);
            Serve.prototype.question = 0;
            Serve.prototype.answer = 0;
            Serve.prototype.failure = null;

            Serve.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.service != null && $Object.hasOwnProperty.call(m, "service") && m.service !== "")
                    w.uint32(10).string(m.service);
                if (m.body != null && $Object.hasOwnProperty.call(m, "body") && m.body.length)
                    w.uint32(18).bytes(m.body);
                if (m.question != null && $Object.hasOwnProperty.call(m, "question") && m.question !== 0)
                    w.uint32(24).uint32(m.question);
                if (m.answer != null && $Object.hasOwnProperty.call(m, "answer") && m.answer !== 0)
                    w.uint32(32).uint32(m.answer);
                if (m.failure != null && $Object.hasOwnProperty.call(m, "failure"))
                    $root.bproc.v1.Failure.encode(m.failure, w.uint32(42).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Serve.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Serve();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.service = v;
                            else
                                delete m.service;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.body = v;
                            else
                                delete m.body;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.question = v;
                            else
                                delete m.question;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.answer = v;
                            else
                                delete m.answer;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            m.failure = $root.bproc.v1.Failure.decode(r, r.size(), $undefined, q + 1, m.failure);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Serve;
        })();

        v1.ServiceRequest = (function() {

            const ServiceRequest = function (p) {
                this.gids = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ServiceRequest.prototype.service = "";
            ServiceRequest.prototype.node = null;
            ServiceRequest.prototype.body = $util.newBuffer([]);
            ServiceRequest.prototype.order = false;
            ServiceRequest.prototype.uid = 0;
            ServiceRequest.prototype.gids = $util.emptyArray;
            ServiceRequest.prototype.administrator = false;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(ServiceRequest.prototype, "_node", {
                get: $util.oneOfGetter($oneOfFields = ["node"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            ServiceRequest.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.service != null && $Object.hasOwnProperty.call(m, "service") && m.service !== "")
                    w.uint32(10).string(m.service);
                if (m.node != null && $Object.hasOwnProperty.call(m, "node"))
                    w.uint32(16).sint32(m.node);
                if (m.body != null && $Object.hasOwnProperty.call(m, "body") && m.body.length)
                    w.uint32(26).bytes(m.body);
                if (m.order != null && $Object.hasOwnProperty.call(m, "order") && m.order !== false)
                    w.uint32(32).bool(m.order);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(40).uint32(m.uid);
                if (m.gids != null && m.gids.length) {
                    w.uint32(50).uint32s(m.gids);
                }
                if (m.administrator != null && $Object.hasOwnProperty.call(m, "administrator") && m.administrator !== false)
                    w.uint32(56).bool(m.administrator);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ServiceRequest.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ServiceRequest();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.service = v;
                            else
                                delete m.service;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            m.node = r.sint32();
                            m._node = "node";
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.body = v;
                            else
                                delete m.body;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.order = v;
                            else
                                delete m.order;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    case 6: {
                            if (u === 2) {
                                if (!(m.gids && m.gids.length))
                                    m.gids = [];
                                r.uint32s(m.gids);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.gids && m.gids.length))
                                m.gids = [];
                            m.gids.push(r.uint32());
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.administrator = v;
                            else
                                delete m.administrator;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ServiceRequest;
        })();

        v1.ServiceAnswer = (function() {

            const ServiceAnswer = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            ServiceAnswer.prototype.body = $util.newBuffer([]);

            ServiceAnswer.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.body != null && $Object.hasOwnProperty.call(m, "body") && m.body.length)
                    w.uint32(10).bytes(m.body);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            ServiceAnswer.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.ServiceAnswer();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.body = v;
                            else
                                delete m.body;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return ServiceAnswer;
        })();

        v1.Control = (function() {

            const Control = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            Control.prototype.epoch = null;
            Control.prototype.domain = "";
            Control.prototype.hello = null;
            Control.prototype.welcome = null;
            Control.prototype.promised = null;
            Control.prototype.refuse = null;
            Control.prototype.goodbye = null;
            Control.prototype.inventory = null;
            Control.prototype.claim = null;
            Control.prototype.join = null;
            Control.prototype.joined = null;
            Control.prototype.guest = null;
            Control.prototype.challenge = null;
            Control.prototype.challenged = null;
            Control.prototype.start = null;
            Control.prototype.started = null;
            Control.prototype.startFailed = null;
            Control.prototype.bootMiss = null;
            Control.prototype.cancel = null;
            Control.prototype.cancelled = null;
            Control.prototype.change = null;
            Control.prototype.ended = null;
            Control.prototype.endAck = null;
            Control.prototype.clientGone = null;
            Control.prototype.request = null;
            Control.prototype.response = null;
            Control.prototype.events = null;
            Control.prototype.eventsAck = null;
            Control.prototype.pidBlock = null;
            Control.prototype.newLife = null;
            Control.prototype.fetch = null;
            Control.prototype.fetchFailed = null;
            Control.prototype.peerAddress = null;
            Control.prototype.lack = null;
            Control.prototype.source = null;
            Control.prototype.fetched = null;
            Control.prototype.present = null;
            Control.prototype.admitted = null;
            Control.prototype.ready = null;
            Control.prototype.go = null;
            Control.prototype.nodeFacts = null;
            Control.prototype.carried = null;
            Control.prototype.depart = null;
            Control.prototype.departed = null;
            Control.prototype.bring = null;
            Control.prototype.luggage = null;
            Control.prototype.prepared = null;
            Control.prototype.settle = null;
            Control.prototype.arrived = null;
            Control.prototype.moved = null;
            Control.prototype.pidsAway = null;
            Control.prototype.still = null;
            Control.prototype.needs = null;
            Control.prototype.needsMet = null;
            Control.prototype.grows = null;
            Control.prototype.moveProgress = null;
            Control.prototype.callOff = null;
            Control.prototype.needsImage = null;
            Control.prototype.serve = null;
            Control.prototype.pages = null;

            let $oneOfFields;

            $Object.defineProperty(Control.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["hello", "welcome", "promised", "refuse", "goodbye", "inventory", "claim", "join", "joined", "guest", "challenge", "challenged", "start", "started", "startFailed", "bootMiss", "cancel", "cancelled", "change", "ended", "endAck", "clientGone", "request", "response", "events", "eventsAck", "pidBlock", "newLife", "fetch", "fetchFailed", "peerAddress", "lack", "source", "fetched", "present", "admitted", "ready", "go", "nodeFacts", "carried", "depart", "departed", "bring", "luggage", "prepared", "settle", "arrived", "moved", "pidsAway", "still", "needs", "needsMet", "grows", "moveProgress", "callOff", "needsImage", "serve", "pages"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Control.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.epoch != null && $Object.hasOwnProperty.call(m, "epoch"))
                    $root.bproc.v1.Epoch.encode(m.epoch, w.uint32(10).fork(), q + 1).ldelim();
                if (m.domain != null && $Object.hasOwnProperty.call(m, "domain") && m.domain !== "")
                    w.uint32(18).string(m.domain);
                if (m.hello != null && $Object.hasOwnProperty.call(m, "hello"))
                    $root.bproc.v1.Hello.encode(m.hello, w.uint32(82).fork(), q + 1).ldelim();
                if (m.welcome != null && $Object.hasOwnProperty.call(m, "welcome"))
                    $root.bproc.v1.Welcome.encode(m.welcome, w.uint32(90).fork(), q + 1).ldelim();
                if (m.promised != null && $Object.hasOwnProperty.call(m, "promised"))
                    $root.bproc.v1.Promised.encode(m.promised, w.uint32(98).fork(), q + 1).ldelim();
                if (m.refuse != null && $Object.hasOwnProperty.call(m, "refuse"))
                    $root.bproc.v1.Refuse.encode(m.refuse, w.uint32(106).fork(), q + 1).ldelim();
                if (m.goodbye != null && $Object.hasOwnProperty.call(m, "goodbye"))
                    $root.bproc.v1.Goodbye.encode(m.goodbye, w.uint32(114).fork(), q + 1).ldelim();
                if (m.inventory != null && $Object.hasOwnProperty.call(m, "inventory"))
                    $root.bproc.v1.Inventory.encode(m.inventory, w.uint32(122).fork(), q + 1).ldelim();
                if (m.claim != null && $Object.hasOwnProperty.call(m, "claim"))
                    $root.bproc.v1.Claim.encode(m.claim, w.uint32(130).fork(), q + 1).ldelim();
                if (m.join != null && $Object.hasOwnProperty.call(m, "join"))
                    $root.bproc.v1.Join.encode(m.join, w.uint32(138).fork(), q + 1).ldelim();
                if (m.joined != null && $Object.hasOwnProperty.call(m, "joined"))
                    $root.bproc.v1.Joined.encode(m.joined, w.uint32(146).fork(), q + 1).ldelim();
                if (m.guest != null && $Object.hasOwnProperty.call(m, "guest"))
                    $root.bproc.v1.Guest.encode(m.guest, w.uint32(154).fork(), q + 1).ldelim();
                if (m.start != null && $Object.hasOwnProperty.call(m, "start"))
                    $root.bproc.v1.Start.encode(m.start, w.uint32(162).fork(), q + 1).ldelim();
                if (m.started != null && $Object.hasOwnProperty.call(m, "started"))
                    $root.bproc.v1.Started.encode(m.started, w.uint32(170).fork(), q + 1).ldelim();
                if (m.startFailed != null && $Object.hasOwnProperty.call(m, "startFailed"))
                    $root.bproc.v1.StartFailed.encode(m.startFailed, w.uint32(178).fork(), q + 1).ldelim();
                if (m.bootMiss != null && $Object.hasOwnProperty.call(m, "bootMiss"))
                    $root.bproc.v1.BootMiss.encode(m.bootMiss, w.uint32(186).fork(), q + 1).ldelim();
                if (m.cancel != null && $Object.hasOwnProperty.call(m, "cancel"))
                    $root.bproc.v1.Cancel.encode(m.cancel, w.uint32(194).fork(), q + 1).ldelim();
                if (m.cancelled != null && $Object.hasOwnProperty.call(m, "cancelled"))
                    $root.bproc.v1.Cancelled.encode(m.cancelled, w.uint32(202).fork(), q + 1).ldelim();
                if (m.change != null && $Object.hasOwnProperty.call(m, "change"))
                    $root.bproc.v1.Change.encode(m.change, w.uint32(210).fork(), q + 1).ldelim();
                if (m.ended != null && $Object.hasOwnProperty.call(m, "ended"))
                    $root.bproc.v1.Ended.encode(m.ended, w.uint32(218).fork(), q + 1).ldelim();
                if (m.endAck != null && $Object.hasOwnProperty.call(m, "endAck"))
                    $root.bproc.v1.EndAck.encode(m.endAck, w.uint32(226).fork(), q + 1).ldelim();
                if (m.clientGone != null && $Object.hasOwnProperty.call(m, "clientGone"))
                    $root.bproc.v1.ClientGone.encode(m.clientGone, w.uint32(234).fork(), q + 1).ldelim();
                if (m.challenge != null && $Object.hasOwnProperty.call(m, "challenge"))
                    $root.bproc.v1.Challenge.encode(m.challenge, w.uint32(242).fork(), q + 1).ldelim();
                if (m.challenged != null && $Object.hasOwnProperty.call(m, "challenged"))
                    $root.bproc.v1.Challenged.encode(m.challenged, w.uint32(250).fork(), q + 1).ldelim();
                if (m.request != null && $Object.hasOwnProperty.call(m, "request"))
                    $root.bproc.v1.Request.encode(m.request, w.uint32(322).fork(), q + 1).ldelim();
                if (m.response != null && $Object.hasOwnProperty.call(m, "response"))
                    $root.bproc.v1.Response.encode(m.response, w.uint32(330).fork(), q + 1).ldelim();
                if (m.events != null && $Object.hasOwnProperty.call(m, "events"))
                    $root.bproc.v1.Events.encode(m.events, w.uint32(338).fork(), q + 1).ldelim();
                if (m.eventsAck != null && $Object.hasOwnProperty.call(m, "eventsAck"))
                    $root.bproc.v1.EventsAck.encode(m.eventsAck, w.uint32(346).fork(), q + 1).ldelim();
                if (m.pidBlock != null && $Object.hasOwnProperty.call(m, "pidBlock"))
                    $root.bproc.v1.PidBlock.encode(m.pidBlock, w.uint32(354).fork(), q + 1).ldelim();
                if (m.newLife != null && $Object.hasOwnProperty.call(m, "newLife"))
                    $root.bproc.v1.NewLife.encode(m.newLife, w.uint32(362).fork(), q + 1).ldelim();
                if (m.fetch != null && $Object.hasOwnProperty.call(m, "fetch"))
                    $root.bproc.v1.Fetch.encode(m.fetch, w.uint32(370).fork(), q + 1).ldelim();
                if (m.fetchFailed != null && $Object.hasOwnProperty.call(m, "fetchFailed"))
                    $root.bproc.v1.FetchFailed.encode(m.fetchFailed, w.uint32(378).fork(), q + 1).ldelim();
                if (m.peerAddress != null && $Object.hasOwnProperty.call(m, "peerAddress"))
                    $root.bproc.v1.PeerAddress.encode(m.peerAddress, w.uint32(402).fork(), q + 1).ldelim();
                if (m.lack != null && $Object.hasOwnProperty.call(m, "lack"))
                    $root.bproc.v1.Lack.encode(m.lack, w.uint32(410).fork(), q + 1).ldelim();
                if (m.source != null && $Object.hasOwnProperty.call(m, "source"))
                    $root.bproc.v1.Source.encode(m.source, w.uint32(418).fork(), q + 1).ldelim();
                if (m.fetched != null && $Object.hasOwnProperty.call(m, "fetched"))
                    $root.bproc.v1.Fetched.encode(m.fetched, w.uint32(426).fork(), q + 1).ldelim();
                if (m.present != null && $Object.hasOwnProperty.call(m, "present"))
                    $root.bproc.v1.Present.encode(m.present, w.uint32(434).fork(), q + 1).ldelim();
                if (m.admitted != null && $Object.hasOwnProperty.call(m, "admitted"))
                    $root.bproc.v1.Admitted.encode(m.admitted, w.uint32(442).fork(), q + 1).ldelim();
                if (m.ready != null && $Object.hasOwnProperty.call(m, "ready"))
                    $root.bproc.v1.Ready.encode(m.ready, w.uint32(450).fork(), q + 1).ldelim();
                if (m.go != null && $Object.hasOwnProperty.call(m, "go"))
                    $root.bproc.v1.Go.encode(m.go, w.uint32(458).fork(), q + 1).ldelim();
                if (m.nodeFacts != null && $Object.hasOwnProperty.call(m, "nodeFacts"))
                    $root.bproc.v1.NodeFacts.encode(m.nodeFacts, w.uint32(530).fork(), q + 1).ldelim();
                if (m.carried != null && $Object.hasOwnProperty.call(m, "carried"))
                    $root.bproc.v1.Carried.encode(m.carried, w.uint32(538).fork(), q + 1).ldelim();
                if (m.depart != null && $Object.hasOwnProperty.call(m, "depart"))
                    $root.bproc.v1.Depart.encode(m.depart, w.uint32(562).fork(), q + 1).ldelim();
                if (m.departed != null && $Object.hasOwnProperty.call(m, "departed"))
                    $root.bproc.v1.Departed.encode(m.departed, w.uint32(570).fork(), q + 1).ldelim();
                if (m.bring != null && $Object.hasOwnProperty.call(m, "bring"))
                    $root.bproc.v1.Bring.encode(m.bring, w.uint32(578).fork(), q + 1).ldelim();
                if (m.luggage != null && $Object.hasOwnProperty.call(m, "luggage"))
                    $root.bproc.v1.Luggage.encode(m.luggage, w.uint32(586).fork(), q + 1).ldelim();
                if (m.prepared != null && $Object.hasOwnProperty.call(m, "prepared"))
                    $root.bproc.v1.Prepared.encode(m.prepared, w.uint32(594).fork(), q + 1).ldelim();
                if (m.settle != null && $Object.hasOwnProperty.call(m, "settle"))
                    $root.bproc.v1.Settle.encode(m.settle, w.uint32(602).fork(), q + 1).ldelim();
                if (m.arrived != null && $Object.hasOwnProperty.call(m, "arrived"))
                    $root.bproc.v1.Arrived.encode(m.arrived, w.uint32(610).fork(), q + 1).ldelim();
                if (m.moved != null && $Object.hasOwnProperty.call(m, "moved"))
                    $root.bproc.v1.Moved.encode(m.moved, w.uint32(618).fork(), q + 1).ldelim();
                if (m.pidsAway != null && $Object.hasOwnProperty.call(m, "pidsAway"))
                    $root.bproc.v1.PidsAway.encode(m.pidsAway, w.uint32(626).fork(), q + 1).ldelim();
                if (m.grows != null && $Object.hasOwnProperty.call(m, "grows"))
                    $root.bproc.v1.Grows.encode(m.grows, w.uint32(634).fork(), q + 1).ldelim();
                if (m.moveProgress != null && $Object.hasOwnProperty.call(m, "moveProgress"))
                    $root.bproc.v1.MoveProgress.encode(m.moveProgress, w.uint32(642).fork(), q + 1).ldelim();
                if (m.callOff != null && $Object.hasOwnProperty.call(m, "callOff"))
                    $root.bproc.v1.CallOff.encode(m.callOff, w.uint32(650).fork(), q + 1).ldelim();
                if (m.still != null && $Object.hasOwnProperty.call(m, "still"))
                    $root.bproc.v1.Still.encode(m.still, w.uint32(682).fork(), q + 1).ldelim();
                if (m.needs != null && $Object.hasOwnProperty.call(m, "needs"))
                    $root.bproc.v1.Needs.encode(m.needs, w.uint32(690).fork(), q + 1).ldelim();
                if (m.needsMet != null && $Object.hasOwnProperty.call(m, "needsMet"))
                    $root.bproc.v1.NeedsMet.encode(m.needsMet, w.uint32(698).fork(), q + 1).ldelim();
                if (m.serve != null && $Object.hasOwnProperty.call(m, "serve"))
                    $root.bproc.v1.Serve.encode(m.serve, w.uint32(722).fork(), q + 1).ldelim();
                if (m.pages != null && $Object.hasOwnProperty.call(m, "pages"))
                    $root.bproc.v1.Pages.encode(m.pages, w.uint32(730).fork(), q + 1).ldelim();
                if (m.needsImage != null && $Object.hasOwnProperty.call(m, "needsImage"))
                    $root.bproc.v1.NeedsImage.encode(m.needsImage, w.uint32(778).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            Control.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.Control();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            m.epoch = $root.bproc.v1.Epoch.decode(r, r.size(), $undefined, q + 1, m.epoch);
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.domain = v;
                            else
                                delete m.domain;
                            continue;
                        }
                    case 10: {
                            if (u !== 2)
                                break;
                            m.hello = $root.bproc.v1.Hello.decode(r, r.size(), $undefined, q + 1, m.hello);
                            m.body = "hello";
                            continue;
                        }
                    case 11: {
                            if (u !== 2)
                                break;
                            m.welcome = $root.bproc.v1.Welcome.decode(r, r.size(), $undefined, q + 1, m.welcome);
                            m.body = "welcome";
                            continue;
                        }
                    case 12: {
                            if (u !== 2)
                                break;
                            m.promised = $root.bproc.v1.Promised.decode(r, r.size(), $undefined, q + 1, m.promised);
                            m.body = "promised";
                            continue;
                        }
                    case 13: {
                            if (u !== 2)
                                break;
                            m.refuse = $root.bproc.v1.Refuse.decode(r, r.size(), $undefined, q + 1, m.refuse);
                            m.body = "refuse";
                            continue;
                        }
                    case 14: {
                            if (u !== 2)
                                break;
                            m.goodbye = $root.bproc.v1.Goodbye.decode(r, r.size(), $undefined, q + 1, m.goodbye);
                            m.body = "goodbye";
                            continue;
                        }
                    case 15: {
                            if (u !== 2)
                                break;
                            m.inventory = $root.bproc.v1.Inventory.decode(r, r.size(), $undefined, q + 1, m.inventory);
                            m.body = "inventory";
                            continue;
                        }
                    case 16: {
                            if (u !== 2)
                                break;
                            m.claim = $root.bproc.v1.Claim.decode(r, r.size(), $undefined, q + 1, m.claim);
                            m.body = "claim";
                            continue;
                        }
                    case 17: {
                            if (u !== 2)
                                break;
                            m.join = $root.bproc.v1.Join.decode(r, r.size(), $undefined, q + 1, m.join);
                            m.body = "join";
                            continue;
                        }
                    case 18: {
                            if (u !== 2)
                                break;
                            m.joined = $root.bproc.v1.Joined.decode(r, r.size(), $undefined, q + 1, m.joined);
                            m.body = "joined";
                            continue;
                        }
                    case 19: {
                            if (u !== 2)
                                break;
                            m.guest = $root.bproc.v1.Guest.decode(r, r.size(), $undefined, q + 1, m.guest);
                            m.body = "guest";
                            continue;
                        }
                    case 30: {
                            if (u !== 2)
                                break;
                            m.challenge = $root.bproc.v1.Challenge.decode(r, r.size(), $undefined, q + 1, m.challenge);
                            m.body = "challenge";
                            continue;
                        }
                    case 31: {
                            if (u !== 2)
                                break;
                            m.challenged = $root.bproc.v1.Challenged.decode(r, r.size(), $undefined, q + 1, m.challenged);
                            m.body = "challenged";
                            continue;
                        }
                    case 20: {
                            if (u !== 2)
                                break;
                            m.start = $root.bproc.v1.Start.decode(r, r.size(), $undefined, q + 1, m.start);
                            m.body = "start";
                            continue;
                        }
                    case 21: {
                            if (u !== 2)
                                break;
                            m.started = $root.bproc.v1.Started.decode(r, r.size(), $undefined, q + 1, m.started);
                            m.body = "started";
                            continue;
                        }
                    case 22: {
                            if (u !== 2)
                                break;
                            m.startFailed = $root.bproc.v1.StartFailed.decode(r, r.size(), $undefined, q + 1, m.startFailed);
                            m.body = "startFailed";
                            continue;
                        }
                    case 23: {
                            if (u !== 2)
                                break;
                            m.bootMiss = $root.bproc.v1.BootMiss.decode(r, r.size(), $undefined, q + 1, m.bootMiss);
                            m.body = "bootMiss";
                            continue;
                        }
                    case 24: {
                            if (u !== 2)
                                break;
                            m.cancel = $root.bproc.v1.Cancel.decode(r, r.size(), $undefined, q + 1, m.cancel);
                            m.body = "cancel";
                            continue;
                        }
                    case 25: {
                            if (u !== 2)
                                break;
                            m.cancelled = $root.bproc.v1.Cancelled.decode(r, r.size(), $undefined, q + 1, m.cancelled);
                            m.body = "cancelled";
                            continue;
                        }
                    case 26: {
                            if (u !== 2)
                                break;
                            m.change = $root.bproc.v1.Change.decode(r, r.size(), $undefined, q + 1, m.change);
                            m.body = "change";
                            continue;
                        }
                    case 27: {
                            if (u !== 2)
                                break;
                            m.ended = $root.bproc.v1.Ended.decode(r, r.size(), $undefined, q + 1, m.ended);
                            m.body = "ended";
                            continue;
                        }
                    case 28: {
                            if (u !== 2)
                                break;
                            m.endAck = $root.bproc.v1.EndAck.decode(r, r.size(), $undefined, q + 1, m.endAck);
                            m.body = "endAck";
                            continue;
                        }
                    case 29: {
                            if (u !== 2)
                                break;
                            m.clientGone = $root.bproc.v1.ClientGone.decode(r, r.size(), $undefined, q + 1, m.clientGone);
                            m.body = "clientGone";
                            continue;
                        }
                    case 40: {
                            if (u !== 2)
                                break;
                            m.request = $root.bproc.v1.Request.decode(r, r.size(), $undefined, q + 1, m.request);
                            m.body = "request";
                            continue;
                        }
                    case 41: {
                            if (u !== 2)
                                break;
                            m.response = $root.bproc.v1.Response.decode(r, r.size(), $undefined, q + 1, m.response);
                            m.body = "response";
                            continue;
                        }
                    case 42: {
                            if (u !== 2)
                                break;
                            m.events = $root.bproc.v1.Events.decode(r, r.size(), $undefined, q + 1, m.events);
                            m.body = "events";
                            continue;
                        }
                    case 43: {
                            if (u !== 2)
                                break;
                            m.eventsAck = $root.bproc.v1.EventsAck.decode(r, r.size(), $undefined, q + 1, m.eventsAck);
                            m.body = "eventsAck";
                            continue;
                        }
                    case 44: {
                            if (u !== 2)
                                break;
                            m.pidBlock = $root.bproc.v1.PidBlock.decode(r, r.size(), $undefined, q + 1, m.pidBlock);
                            m.body = "pidBlock";
                            continue;
                        }
                    case 45: {
                            if (u !== 2)
                                break;
                            m.newLife = $root.bproc.v1.NewLife.decode(r, r.size(), $undefined, q + 1, m.newLife);
                            m.body = "newLife";
                            continue;
                        }
                    case 46: {
                            if (u !== 2)
                                break;
                            m.fetch = $root.bproc.v1.Fetch.decode(r, r.size(), $undefined, q + 1, m.fetch);
                            m.body = "fetch";
                            continue;
                        }
                    case 47: {
                            if (u !== 2)
                                break;
                            m.fetchFailed = $root.bproc.v1.FetchFailed.decode(r, r.size(), $undefined, q + 1, m.fetchFailed);
                            m.body = "fetchFailed";
                            continue;
                        }
                    case 50: {
                            if (u !== 2)
                                break;
                            m.peerAddress = $root.bproc.v1.PeerAddress.decode(r, r.size(), $undefined, q + 1, m.peerAddress);
                            m.body = "peerAddress";
                            continue;
                        }
                    case 51: {
                            if (u !== 2)
                                break;
                            m.lack = $root.bproc.v1.Lack.decode(r, r.size(), $undefined, q + 1, m.lack);
                            m.body = "lack";
                            continue;
                        }
                    case 52: {
                            if (u !== 2)
                                break;
                            m.source = $root.bproc.v1.Source.decode(r, r.size(), $undefined, q + 1, m.source);
                            m.body = "source";
                            continue;
                        }
                    case 53: {
                            if (u !== 2)
                                break;
                            m.fetched = $root.bproc.v1.Fetched.decode(r, r.size(), $undefined, q + 1, m.fetched);
                            m.body = "fetched";
                            continue;
                        }
                    case 54: {
                            if (u !== 2)
                                break;
                            m.present = $root.bproc.v1.Present.decode(r, r.size(), $undefined, q + 1, m.present);
                            m.body = "present";
                            continue;
                        }
                    case 55: {
                            if (u !== 2)
                                break;
                            m.admitted = $root.bproc.v1.Admitted.decode(r, r.size(), $undefined, q + 1, m.admitted);
                            m.body = "admitted";
                            continue;
                        }
                    case 56: {
                            if (u !== 2)
                                break;
                            m.ready = $root.bproc.v1.Ready.decode(r, r.size(), $undefined, q + 1, m.ready);
                            m.body = "ready";
                            continue;
                        }
                    case 57: {
                            if (u !== 2)
                                break;
                            m.go = $root.bproc.v1.Go.decode(r, r.size(), $undefined, q + 1, m.go);
                            m.body = "go";
                            continue;
                        }
                    case 66: {
                            if (u !== 2)
                                break;
                            m.nodeFacts = $root.bproc.v1.NodeFacts.decode(r, r.size(), $undefined, q + 1, m.nodeFacts);
                            m.body = "nodeFacts";
                            continue;
                        }
                    case 67: {
                            if (u !== 2)
                                break;
                            m.carried = $root.bproc.v1.Carried.decode(r, r.size(), $undefined, q + 1, m.carried);
                            m.body = "carried";
                            continue;
                        }
                    case 70: {
                            if (u !== 2)
                                break;
                            m.depart = $root.bproc.v1.Depart.decode(r, r.size(), $undefined, q + 1, m.depart);
                            m.body = "depart";
                            continue;
                        }
                    case 71: {
                            if (u !== 2)
                                break;
                            m.departed = $root.bproc.v1.Departed.decode(r, r.size(), $undefined, q + 1, m.departed);
                            m.body = "departed";
                            continue;
                        }
                    case 72: {
                            if (u !== 2)
                                break;
                            m.bring = $root.bproc.v1.Bring.decode(r, r.size(), $undefined, q + 1, m.bring);
                            m.body = "bring";
                            continue;
                        }
                    case 73: {
                            if (u !== 2)
                                break;
                            m.luggage = $root.bproc.v1.Luggage.decode(r, r.size(), $undefined, q + 1, m.luggage);
                            m.body = "luggage";
                            continue;
                        }
                    case 74: {
                            if (u !== 2)
                                break;
                            m.prepared = $root.bproc.v1.Prepared.decode(r, r.size(), $undefined, q + 1, m.prepared);
                            m.body = "prepared";
                            continue;
                        }
                    case 75: {
                            if (u !== 2)
                                break;
                            m.settle = $root.bproc.v1.Settle.decode(r, r.size(), $undefined, q + 1, m.settle);
                            m.body = "settle";
                            continue;
                        }
                    case 76: {
                            if (u !== 2)
                                break;
                            m.arrived = $root.bproc.v1.Arrived.decode(r, r.size(), $undefined, q + 1, m.arrived);
                            m.body = "arrived";
                            continue;
                        }
                    case 77: {
                            if (u !== 2)
                                break;
                            m.moved = $root.bproc.v1.Moved.decode(r, r.size(), $undefined, q + 1, m.moved);
                            m.body = "moved";
                            continue;
                        }
                    case 78: {
                            if (u !== 2)
                                break;
                            m.pidsAway = $root.bproc.v1.PidsAway.decode(r, r.size(), $undefined, q + 1, m.pidsAway);
                            m.body = "pidsAway";
                            continue;
                        }
                    case 85: {
                            if (u !== 2)
                                break;
                            m.still = $root.bproc.v1.Still.decode(r, r.size(), $undefined, q + 1, m.still);
                            m.body = "still";
                            continue;
                        }
                    case 86: {
                            if (u !== 2)
                                break;
                            m.needs = $root.bproc.v1.Needs.decode(r, r.size(), $undefined, q + 1, m.needs);
                            m.body = "needs";
                            continue;
                        }
                    case 87: {
                            if (u !== 2)
                                break;
                            m.needsMet = $root.bproc.v1.NeedsMet.decode(r, r.size(), $undefined, q + 1, m.needsMet);
                            m.body = "needsMet";
                            continue;
                        }
                    case 79: {
                            if (u !== 2)
                                break;
                            m.grows = $root.bproc.v1.Grows.decode(r, r.size(), $undefined, q + 1, m.grows);
                            m.body = "grows";
                            continue;
                        }
                    case 80: {
                            if (u !== 2)
                                break;
                            m.moveProgress = $root.bproc.v1.MoveProgress.decode(r, r.size(), $undefined, q + 1, m.moveProgress);
                            m.body = "moveProgress";
                            continue;
                        }
                    case 81: {
                            if (u !== 2)
                                break;
                            m.callOff = $root.bproc.v1.CallOff.decode(r, r.size(), $undefined, q + 1, m.callOff);
                            m.body = "callOff";
                            continue;
                        }
                    case 97: {
                            if (u !== 2)
                                break;
                            m.needsImage = $root.bproc.v1.NeedsImage.decode(r, r.size(), $undefined, q + 1, m.needsImage);
                            m.body = "needsImage";
                            continue;
                        }
                    case 90: {
                            if (u !== 2)
                                break;
                            m.serve = $root.bproc.v1.Serve.decode(r, r.size(), $undefined, q + 1, m.serve);
                            m.body = "serve";
                            continue;
                        }
                    case 91: {
                            if (u !== 2)
                                break;
                            m.pages = $root.bproc.v1.Pages.decode(r, r.size(), $undefined, q + 1, m.pages);
                            m.body = "pages";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return Control;
        })();

        v1.StatLayout = (function() {

            const StatLayout = function (p) {
                this.sources = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            StatLayout.prototype.sources = $util.emptyArray;

            StatLayout.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.sources != null && m.sources.length) {
                    for (var i = 0; i < m.sources.length; ++i)
                        $root.bproc.v1.StatLayout.Source.encode(m.sources[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            StatLayout.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.StatLayout();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.sources && m.sources.length))
                                m.sources = [];
                            m.sources.push($root.bproc.v1.StatLayout.Source.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            StatLayout.Source = (function() {

                const Source = function (p) {
                    this.fields = [];
                    this.devices = [];
                    if (p)
                        for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                            if (p[ks[i]] != null && ks[i] !== "__proto__")
                                this[ks[i]] = p[ks[i]];
                };

                Source.prototype.name = "";
                Source.prototype.fields = $util.emptyArray;
                Source.prototype.devices = $util.emptyArray;
                Source.prototype.counts = false;

                Source.encode = function (m, w, q) {
                    if (!w)
                        w = $Writer.create();
                    if (q === $undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                        w.uint32(10).string(m.name);
                    if (m.fields != null && m.fields.length) {
                        for (var i = 0; i < m.fields.length; ++i)
                            w.uint32(18).string(m.fields[i]);
                    }
                    if (m.devices != null && m.devices.length) {
                        for (var i = 0; i < m.devices.length; ++i)
                            w.uint32(26).string(m.devices[i]);
                    }
                    if (m.counts != null && $Object.hasOwnProperty.call(m, "counts") && m.counts !== false)
                        w.uint32(32).bool(m.counts);
                    if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                        for (var i = 0; i < m.$unknowns.length; ++i)
                            w.raw(m.$unknowns[i]);
                    return w;
                };

                Source.decode = function (r, l, z, q, g) {
                    if (!(r instanceof $Reader))
                        r = $Reader.create(r);
                    if (q === $undefined)
                        q = 0;
                    if (q > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    var c, m, v;
                    if (l === $undefined)
                        c = r.len;
                    else {
                        c = r.pos + l;
                        if (c > r.len)
                            throw $RangeError("index out of range");
                        l = r.len;
                        r.len = c;
                    }
                    m = g || new $root.bproc.v1.StatLayout.Source();
                    while (r.pos < c) {
                        var s = r.pos;
                        var t = r.tag();
                        if (t === z) {
                            z = $undefined;
                            break;
                        }
                        var u = t & 7;
                        switch (t >>>= 3) {
                        case 1: {
                                if (u !== 2)
                                    break;
                                if ((v = r.stringVerify()).length)
                                    m.name = v;
                                else
                                    delete m.name;
                                continue;
                            }
                        case 2: {
                                if (u !== 2)
                                    break;
                                if (!(m.fields && m.fields.length))
                                    m.fields = [];
                                m.fields.push(r.stringVerify());
                                continue;
                            }
                        case 3: {
                                if (u !== 2)
                                    break;
                                if (!(m.devices && m.devices.length))
                                    m.devices = [];
                                m.devices.push(r.stringVerify());
                                continue;
                            }
                        case 4: {
                                if (u !== 0)
                                    break;
                                if (v = r.bool())
                                    m.counts = v;
                                else
                                    delete m.counts;
                                continue;
                            }
                        }
                        r.skipType(u, q, t);
                        if (!r.discardUnknown) {
                            $util.makeProp(m, "$unknowns", false);
                            (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                        }
                    }
                    if (l !== $undefined) {
                        if (r.pos !== c)
                            throw $RangeError("index out of range");
                        r.len = l;
                    }
                    if (z !== $undefined)
                        throw $Error("missing end group");
                    return m;
                };

                return Source;
            })();

            return StatLayout;
        })();

        v1.StatReport = (function() {

            const StatReport = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            StatReport.prototype.number = 0;
            StatReport.prototype.base = 0;
            StatReport.prototype.layout = null;
            StatReport.prototype.figures = $util.newBuffer([]);
            StatReport.prototype.missing = 0;

            StatReport.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && m.number !== 0)
                    w.uint32(8).uint32(m.number);
                if (m.base != null && $Object.hasOwnProperty.call(m, "base") && m.base !== 0)
                    w.uint32(16).uint32(m.base);
                if (m.layout != null && $Object.hasOwnProperty.call(m, "layout"))
                    $root.bproc.v1.StatLayout.encode(m.layout, w.uint32(26).fork(), q + 1).ldelim();
                if (m.figures != null && $Object.hasOwnProperty.call(m, "figures") && m.figures.length)
                    w.uint32(34).bytes(m.figures);
                if (m.missing != null && $Object.hasOwnProperty.call(m, "missing") && m.missing !== 0)
                    w.uint32(40).uint32(m.missing);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            StatReport.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.StatReport();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.base = v;
                            else
                                delete m.base;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            m.layout = $root.bproc.v1.StatLayout.decode(r, r.size(), $undefined, q + 1, m.layout);
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.figures = v;
                            else
                                delete m.figures;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.missing = v;
                            else
                                delete m.missing;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return StatReport;
        })();

        v1.StatOrder = (function() {

            const StatOrder = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            StatOrder.prototype.have = 0;
            StatOrder.prototype.intervalMs = 0;
            StatOrder.prototype.anew = false;

            StatOrder.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.have != null && $Object.hasOwnProperty.call(m, "have") && m.have !== 0)
                    w.uint32(8).uint32(m.have);
                if (m.intervalMs != null && $Object.hasOwnProperty.call(m, "intervalMs") && m.intervalMs !== 0)
                    w.uint32(16).uint32(m.intervalMs);
                if (m.anew != null && $Object.hasOwnProperty.call(m, "anew") && m.anew !== false)
                    w.uint32(24).bool(m.anew);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            StatOrder.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.StatOrder();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.have = v;
                            else
                                delete m.have;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.intervalMs = v;
                            else
                                delete m.intervalMs;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.anew = v;
                            else
                                delete m.anew;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return StatOrder;
        })();

        v1.StatQuestion = (function() {

            const StatQuestion = function (p) {
                this.nodes = [];
                this.gids = [];
                this.known = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            StatQuestion.prototype.nodes = $util.emptyArray;
            StatQuestion.prototype.fresh = false;
            StatQuestion.prototype.historyMs = 0;
            StatQuestion.prototype.since = 0;
            StatQuestion.prototype.stepMs = 0;
            StatQuestion.prototype.after = 0;
            StatQuestion.prototype.uid = null;
            StatQuestion.prototype.gids = $util.emptyArray;
            StatQuestion.prototype.share = false;
            StatQuestion.prototype.known = $util.emptyArray;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(StatQuestion.prototype, "_uid", {
                get: $util.oneOfGetter($oneOfFields = ["uid"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            StatQuestion.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.nodes != null && m.nodes.length) {
                    w.uint32(10).sint32s(m.nodes);
                }
                if (m.fresh != null && $Object.hasOwnProperty.call(m, "fresh") && m.fresh !== false)
                    w.uint32(16).bool(m.fresh);
                if (m.historyMs != null && $Object.hasOwnProperty.call(m, "historyMs") && m.historyMs !== 0)
                    w.uint32(24).uint32(m.historyMs);
                if (m.stepMs != null && $Object.hasOwnProperty.call(m, "stepMs") && m.stepMs !== 0)
                    w.uint32(32).uint32(m.stepMs);
                if (m.after != null && $Object.hasOwnProperty.call(m, "after") && (typeof m.after === "object" ? m.after.low || m.after.high : m.after !== 0))
                    w.uint32(40).uint64(m.after);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid"))
                    w.uint32(48).uint32(m.uid);
                if (m.gids != null && m.gids.length) {
                    w.uint32(58).uint32s(m.gids);
                }
                if (m.since != null && $Object.hasOwnProperty.call(m, "since") && (typeof m.since === "object" ? m.since.low || m.since.high : m.since !== 0))
                    w.uint32(64).uint64(m.since);
                if (m.share != null && $Object.hasOwnProperty.call(m, "share") && m.share !== false)
                    w.uint32(72).bool(m.share);
                if (m.known != null && m.known.length) {
                    for (var i = 0; i < m.known.length; ++i)
                        w.uint32(82).bytes(m.known[i]);
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            StatQuestion.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.StatQuestion();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u === 2) {
                                if (!(m.nodes && m.nodes.length))
                                    m.nodes = [];
                                r.sint32s(m.nodes);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.nodes && m.nodes.length))
                                m.nodes = [];
                            m.nodes.push(r.sint32());
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.fresh = v;
                            else
                                delete m.fresh;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.historyMs = v;
                            else
                                delete m.historyMs;
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.since = v;
                            else
                                delete m.since;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.stepMs = v;
                            else
                                delete m.stepMs;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.after = v;
                            else
                                delete m.after;
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            m.uid = r.uint32();
                            m._uid = "uid";
                            continue;
                        }
                    case 7: {
                            if (u === 2) {
                                if (!(m.gids && m.gids.length))
                                    m.gids = [];
                                r.uint32s(m.gids);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.gids && m.gids.length))
                                m.gids = [];
                            m.gids.push(r.uint32());
                            continue;
                        }
                    case 9: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.share = v;
                            else
                                delete m.share;
                            continue;
                        }
                    case 10: {
                            if (u !== 2)
                                break;
                            if (!(m.known && m.known.length))
                                m.known = [];
                            m.known.push(r.bytes());
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return StatQuestion;
        })();

        v1.StatAnswer = (function() {

            const StatAnswer = function (p) {
                this.nodes = [];
                this.rest = [];
                this.layouts = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            StatAnswer.prototype.nodes = $util.emptyArray;
            StatAnswer.prototype.number = 0;
            StatAnswer.prototype.rest = $util.emptyArray;
            StatAnswer.prototype.layouts = $util.emptyArray;

            StatAnswer.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.nodes != null && m.nodes.length) {
                    for (var i = 0; i < m.nodes.length; ++i)
                        $root.bproc.v1.StatNode.encode(m.nodes[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.number != null && $Object.hasOwnProperty.call(m, "number") && (typeof m.number === "object" ? m.number.low || m.number.high : m.number !== 0))
                    w.uint32(16).uint64(m.number);
                if (m.rest != null && m.rest.length) {
                    w.uint32(26).sint32s(m.rest);
                }
                if (m.layouts != null && m.layouts.length) {
                    for (var i = 0; i < m.layouts.length; ++i)
                        $root.bproc.v1.StatAnswer.Layout.encode(m.layouts[i], w.uint32(34).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            StatAnswer.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.StatAnswer();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.nodes && m.nodes.length))
                                m.nodes = [];
                            m.nodes.push($root.bproc.v1.StatNode.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.number = v;
                            else
                                delete m.number;
                            continue;
                        }
                    case 3: {
                            if (u === 2) {
                                if (!(m.rest && m.rest.length))
                                    m.rest = [];
                                r.sint32s(m.rest);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.rest && m.rest.length))
                                m.rest = [];
                            m.rest.push(r.sint32());
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if (!(m.layouts && m.layouts.length))
                                m.layouts = [];
                            m.layouts.push($root.bproc.v1.StatAnswer.Layout.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            StatAnswer.Layout = (function() {

                const Layout = function (p) {
                    if (p)
                        for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                            if (p[ks[i]] != null && ks[i] !== "__proto__")
                                this[ks[i]] = p[ks[i]];
                };

                Layout.prototype.digest = $util.newBuffer([]);
                Layout.prototype.layout = null;

                Layout.encode = function (m, w, q) {
                    if (!w)
                        w = $Writer.create();
                    if (q === $undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (m.digest != null && $Object.hasOwnProperty.call(m, "digest") && m.digest.length)
                        w.uint32(10).bytes(m.digest);
                    if (m.layout != null && $Object.hasOwnProperty.call(m, "layout"))
                        $root.bproc.v1.StatLayout.encode(m.layout, w.uint32(18).fork(), q + 1).ldelim();
                    if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                        for (var i = 0; i < m.$unknowns.length; ++i)
                            w.raw(m.$unknowns[i]);
                    return w;
                };

                Layout.decode = function (r, l, z, q, g) {
                    if (!(r instanceof $Reader))
                        r = $Reader.create(r);
                    if (q === $undefined)
                        q = 0;
                    if (q > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    var c, m, v;
                    if (l === $undefined)
                        c = r.len;
                    else {
                        c = r.pos + l;
                        if (c > r.len)
                            throw $RangeError("index out of range");
                        l = r.len;
                        r.len = c;
                    }
                    m = g || new $root.bproc.v1.StatAnswer.Layout();
                    while (r.pos < c) {
                        var s = r.pos;
                        var t = r.tag();
                        if (t === z) {
                            z = $undefined;
                            break;
                        }
                        var u = t & 7;
                        switch (t >>>= 3) {
                        case 1: {
                                if (u !== 2)
                                    break;
                                if ((v = r.bytes()).length)
                                    m.digest = v;
                                else
                                    delete m.digest;
                                continue;
                            }
                        case 2: {
                                if (u !== 2)
                                    break;
                                m.layout = $root.bproc.v1.StatLayout.decode(r, r.size(), $undefined, q + 1, m.layout);
                                continue;
                            }
                        }
                        r.skipType(u, q, t);
                        if (!r.discardUnknown) {
                            $util.makeProp(m, "$unknowns", false);
                            (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                        }
                    }
                    if (l !== $undefined) {
                        if (r.pos !== c)
                            throw $RangeError("index out of range");
                        r.len = l;
                    }
                    if (z !== $undefined)
                        throw $Error("missing end group");
                    return m;
                };

                return Layout;
            })();

            return StatAnswer;
        })();

        v1.StatNode = (function() {

            const StatNode = function (p) {
                this.samples = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            StatNode.prototype.node = 0;
            StatNode.prototype.usable = false;
            StatNode.prototype.ageMs = 0;
            StatNode.prototype.stale = false;
            StatNode.prototype.layout = null;
            StatNode.prototype.samples = $util.emptyArray;
            StatNode.prototype.cut = false;
            StatNode.prototype.layoutAt = 0;

            StatNode.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).sint32(m.node);
                if (m.usable != null && $Object.hasOwnProperty.call(m, "usable") && m.usable !== false)
                    w.uint32(16).bool(m.usable);
                if (m.ageMs != null && $Object.hasOwnProperty.call(m, "ageMs") && (typeof m.ageMs === "object" ? m.ageMs.low || m.ageMs.high : m.ageMs !== 0))
                    w.uint32(24).uint64(m.ageMs);
                if (m.stale != null && $Object.hasOwnProperty.call(m, "stale") && m.stale !== false)
                    w.uint32(32).bool(m.stale);
                if (m.layout != null && $Object.hasOwnProperty.call(m, "layout"))
                    $root.bproc.v1.StatLayout.encode(m.layout, w.uint32(42).fork(), q + 1).ldelim();
                if (m.samples != null && m.samples.length) {
                    for (var i = 0; i < m.samples.length; ++i)
                        $root.bproc.v1.StatSample.encode(m.samples[i], w.uint32(50).fork(), q + 1).ldelim();
                }
                if (m.cut != null && $Object.hasOwnProperty.call(m, "cut") && m.cut !== false)
                    w.uint32(56).bool(m.cut);
                if (m.layoutAt != null && $Object.hasOwnProperty.call(m, "layoutAt") && m.layoutAt !== 0)
                    w.uint32(64).uint32(m.layoutAt);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            StatNode.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.StatNode();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.usable = v;
                            else
                                delete m.usable;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.ageMs = v;
                            else
                                delete m.ageMs;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.stale = v;
                            else
                                delete m.stale;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            m.layout = $root.bproc.v1.StatLayout.decode(r, r.size(), $undefined, q + 1, m.layout);
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            if (!(m.samples && m.samples.length))
                                m.samples = [];
                            m.samples.push($root.bproc.v1.StatSample.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.cut = v;
                            else
                                delete m.cut;
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.layoutAt = v;
                            else
                                delete m.layoutAt;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return StatNode;
        })();

        v1.StatSample = (function() {

            const StatSample = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            StatSample.prototype.seenAt = 0;
            StatSample.prototype.figures = $util.newBuffer([]);
            StatSample.prototype.missing = 0;

            StatSample.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.seenAt != null && $Object.hasOwnProperty.call(m, "seenAt") && (typeof m.seenAt === "object" ? m.seenAt.low || m.seenAt.high : m.seenAt !== 0))
                    w.uint32(8).uint64(m.seenAt);
                if (m.figures != null && $Object.hasOwnProperty.call(m, "figures") && m.figures.length)
                    w.uint32(18).bytes(m.figures);
                if (m.missing != null && $Object.hasOwnProperty.call(m, "missing") && m.missing !== 0)
                    w.uint32(24).uint32(m.missing);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            StatSample.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.StatSample();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.seenAt = v;
                            else
                                delete m.seenAt;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.figures = v;
                            else
                                delete m.figures;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.missing = v;
                            else
                                delete m.missing;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return StatSample;
        })();

        v1.StatDetails = (function() {

            const StatDetails = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            StatDetails.prototype.cpus = false;
            StatDetails.prototype.processes = false;

            StatDetails.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.cpus != null && $Object.hasOwnProperty.call(m, "cpus") && m.cpus !== false)
                    w.uint32(8).bool(m.cpus);
                if (m.processes != null && $Object.hasOwnProperty.call(m, "processes") && m.processes !== false)
                    w.uint32(16).bool(m.processes);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            StatDetails.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.StatDetails();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.cpus = v;
                            else
                                delete m.cpus;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.processes = v;
                            else
                                delete m.processes;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return StatDetails;
        })();

        v1.StatDetailList = (function() {

            const StatDetailList = function (p) {
                this.cpus = [];
                this.processes = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            StatDetailList.prototype.cpus = $util.emptyArray;
            StatDetailList.prototype.processes = $util.emptyArray;

            StatDetailList.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.cpus != null && m.cpus.length) {
                    for (var i = 0; i < m.cpus.length; ++i)
                        $root.bproc.v1.StatDetailList.Cpu.encode(m.cpus[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.processes != null && m.processes.length) {
                    for (var i = 0; i < m.processes.length; ++i)
                        $root.bproc.v1.StatDetailList.Process.encode(m.processes[i], w.uint32(18).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            StatDetailList.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.StatDetailList();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.cpus && m.cpus.length))
                                m.cpus = [];
                            m.cpus.push($root.bproc.v1.StatDetailList.Cpu.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if (!(m.processes && m.processes.length))
                                m.processes = [];
                            m.processes.push($root.bproc.v1.StatDetailList.Process.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            StatDetailList.Cpu = (function() {

                const Cpu = function (p) {
                    this.facts = {};
                    if (p)
                        for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                            if (p[ks[i]] != null && ks[i] !== "__proto__")
                                this[ks[i]] = p[ks[i]];
                };

                Cpu.prototype.facts = $util.emptyObject;

                Cpu.encode = function (m, w, q) {
                    if (!w)
                        w = $Writer.create();
                    if (q === $undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (m.facts != null && $Object.hasOwnProperty.call(m, "facts")) {
                        for (var ks = $Object.keys(m.facts), i = 0; i < ks.length; ++i) {
                            w.uint32(10).fork().uint32(10).string(ks[i]).uint32(18).string(m.facts[ks[i]]).ldelim();
                        }
                    }
                    if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                        for (var i = 0; i < m.$unknowns.length; ++i)
                            w.raw(m.$unknowns[i]);
                    return w;
                };

                Cpu.decode = function (r, l, z, q, g) {
                    if (!(r instanceof $Reader))
                        r = $Reader.create(r);
                    if (q === $undefined)
                        q = 0;
                    if (q > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    var c, m, k, v;
                    if (l === $undefined)
                        c = r.len;
                    else {
                        c = r.pos + l;
                        if (c > r.len)
                            throw $RangeError("index out of range");
                        l = r.len;
                        r.len = c;
                    }
                    m = g || new $root.bproc.v1.StatDetailList.Cpu();
                    while (r.pos < c) {
                        var s = r.pos;
                        var t = r.tag();
                        if (t === z) {
                            z = $undefined;
                            break;
                        }
                        var u = t & 7;
                        switch (t >>>= 3) {
                        case 1: {
                                if (u !== 2)
                                    break;
                                if (m.facts === $util.emptyObject)
                                    m.facts = {};
                                var c2 = r.size() + r.pos;
                                if (c2 > r.len)
                                    throw $RangeError("index out of range");
                                r.len = c2;
                                k = "";
                                v = "";
                                while (r.pos < c2) {
                                    var t2 = r.tag();
                                    u = t2 & 7;
                                    switch (t2 >>>= 3) {
                                    case 1:
                                        if (u !== 2)
                                            break;
                                        k = r.stringVerify();
                                        continue;
                                    case 2:
                                        if (u !== 2)
                                            break;
                                        v = r.stringVerify();
                                        continue;
                                    }
                                    r.skipType(u, q, t2);
                                }
                                if (r.pos !== c2)
                                    throw $RangeError("index out of range");
                                r.len = c;
                                if (k === "__proto__")
                                    $util.makeProp(m.facts, k);
                                m.facts[k] = v;
                                continue;
                            }
                        }
                        r.skipType(u, q, t);
                        if (!r.discardUnknown) {
                            $util.makeProp(m, "$unknowns", false);
                            (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                        }
                    }
                    if (l !== $undefined) {
                        if (r.pos !== c)
                            throw $RangeError("index out of range");
                        r.len = l;
                    }
                    if (z !== $undefined)
                        throw $Error("missing end group");
                    return m;
                };

                return Cpu;
            })();

            StatDetailList.Process = (function() {

                const Process = function (p) {
                    if (p)
                        for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                            if (p[ks[i]] != null && ks[i] !== "__proto__")
                                this[ks[i]] = p[ks[i]];
                };

                Process.prototype.pid = 0;
                Process.prototype.localPid = 0;
                Process.prototype.command = "";
                Process.prototype.uid = 0;
                Process.prototype.puid = $util.newBuffer([]);
                Process.prototype.userMs = 0;
                Process.prototype.systemMs = 0;
                Process.prototype.resident = 0;
                Process.prototype.virtual = 0;
                Process.prototype.threads = 0;
                Process.prototype.state = "";
                Process.prototype.readBytes = 0;
                Process.prototype.writtenBytes = 0;
                Process.prototype.ppid = 0;
                Process.prototype.client = $util.newBuffer([]);

                Process.encode = function (m, w, q) {
                    if (!w)
                        w = $Writer.create();
                    if (q === $undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (m.pid != null && $Object.hasOwnProperty.call(m, "pid") && m.pid !== 0)
                        w.uint32(8).uint32(m.pid);
                    if (m.localPid != null && $Object.hasOwnProperty.call(m, "localPid") && m.localPid !== 0)
                        w.uint32(16).uint32(m.localPid);
                    if (m.command != null && $Object.hasOwnProperty.call(m, "command") && m.command !== "")
                        w.uint32(26).string(m.command);
                    if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                        w.uint32(32).uint32(m.uid);
                    if (m.puid != null && $Object.hasOwnProperty.call(m, "puid") && m.puid.length)
                        w.uint32(42).bytes(m.puid);
                    if (m.userMs != null && $Object.hasOwnProperty.call(m, "userMs") && (typeof m.userMs === "object" ? m.userMs.low || m.userMs.high : m.userMs !== 0))
                        w.uint32(48).uint64(m.userMs);
                    if (m.systemMs != null && $Object.hasOwnProperty.call(m, "systemMs") && (typeof m.systemMs === "object" ? m.systemMs.low || m.systemMs.high : m.systemMs !== 0))
                        w.uint32(56).uint64(m.systemMs);
                    if (m.resident != null && $Object.hasOwnProperty.call(m, "resident") && (typeof m.resident === "object" ? m.resident.low || m.resident.high : m.resident !== 0))
                        w.uint32(64).uint64(m.resident);
                    if (m.virtual != null && $Object.hasOwnProperty.call(m, "virtual") && (typeof m.virtual === "object" ? m.virtual.low || m.virtual.high : m.virtual !== 0))
                        w.uint32(72).uint64(m.virtual);
                    if (m.threads != null && $Object.hasOwnProperty.call(m, "threads") && m.threads !== 0)
                        w.uint32(80).uint32(m.threads);
                    if (m.state != null && $Object.hasOwnProperty.call(m, "state") && m.state !== "")
                        w.uint32(90).string(m.state);
                    if (m.readBytes != null && $Object.hasOwnProperty.call(m, "readBytes") && (typeof m.readBytes === "object" ? m.readBytes.low || m.readBytes.high : m.readBytes !== 0))
                        w.uint32(96).uint64(m.readBytes);
                    if (m.writtenBytes != null && $Object.hasOwnProperty.call(m, "writtenBytes") && (typeof m.writtenBytes === "object" ? m.writtenBytes.low || m.writtenBytes.high : m.writtenBytes !== 0))
                        w.uint32(104).uint64(m.writtenBytes);
                    if (m.ppid != null && $Object.hasOwnProperty.call(m, "ppid") && m.ppid !== 0)
                        w.uint32(112).uint32(m.ppid);
                    if (m.client != null && $Object.hasOwnProperty.call(m, "client") && m.client.length)
                        w.uint32(122).bytes(m.client);
                    if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                        for (var i = 0; i < m.$unknowns.length; ++i)
                            w.raw(m.$unknowns[i]);
                    return w;
                };

                Process.decode = function (r, l, z, q, g) {
                    if (!(r instanceof $Reader))
                        r = $Reader.create(r);
                    if (q === $undefined)
                        q = 0;
                    if (q > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    var c, m, v;
                    if (l === $undefined)
                        c = r.len;
                    else {
                        c = r.pos + l;
                        if (c > r.len)
                            throw $RangeError("index out of range");
                        l = r.len;
                        r.len = c;
                    }
                    m = g || new $root.bproc.v1.StatDetailList.Process();
                    while (r.pos < c) {
                        var s = r.pos;
                        var t = r.tag();
                        if (t === z) {
                            z = $undefined;
                            break;
                        }
                        var u = t & 7;
                        switch (t >>>= 3) {
                        case 1: {
                                if (u !== 0)
                                    break;
                                if (v = r.uint32())
                                    m.pid = v;
                                else
                                    delete m.pid;
                                continue;
                            }
                        case 2: {
                                if (u !== 0)
                                    break;
                                if (v = r.uint32())
                                    m.localPid = v;
                                else
                                    delete m.localPid;
                                continue;
                            }
                        case 3: {
                                if (u !== 2)
                                    break;
                                if ((v = r.stringVerify()).length)
                                    m.command = v;
                                else
                                    delete m.command;
                                continue;
                            }
                        case 4: {
                                if (u !== 0)
                                    break;
                                if (v = r.uint32())
                                    m.uid = v;
                                else
                                    delete m.uid;
                                continue;
                            }
                        case 5: {
                                if (u !== 2)
                                    break;
                                if ((v = r.bytes()).length)
                                    m.puid = v;
                                else
                                    delete m.puid;
                                continue;
                            }
                        case 6: {
                                if (u !== 0)
                                    break;
                                if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                    m.userMs = v;
                                else
                                    delete m.userMs;
                                continue;
                            }
                        case 7: {
                                if (u !== 0)
                                    break;
                                if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                    m.systemMs = v;
                                else
                                    delete m.systemMs;
                                continue;
                            }
                        case 8: {
                                if (u !== 0)
                                    break;
                                if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                    m.resident = v;
                                else
                                    delete m.resident;
                                continue;
                            }
                        case 9: {
                                if (u !== 0)
                                    break;
                                if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                    m.virtual = v;
                                else
                                    delete m.virtual;
                                continue;
                            }
                        case 10: {
                                if (u !== 0)
                                    break;
                                if (v = r.uint32())
                                    m.threads = v;
                                else
                                    delete m.threads;
                                continue;
                            }
                        case 11: {
                                if (u !== 2)
                                    break;
                                if ((v = r.stringVerify()).length)
                                    m.state = v;
                                else
                                    delete m.state;
                                continue;
                            }
                        case 12: {
                                if (u !== 0)
                                    break;
                                if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                    m.readBytes = v;
                                else
                                    delete m.readBytes;
                                continue;
                            }
                        case 13: {
                                if (u !== 0)
                                    break;
                                if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                    m.writtenBytes = v;
                                else
                                    delete m.writtenBytes;
                                continue;
                            }
                        case 14: {
                                if (u !== 0)
                                    break;
                                if (v = r.uint32())
                                    m.ppid = v;
                                else
                                    delete m.ppid;
                                continue;
                            }
                        case 15: {
                                if (u !== 2)
                                    break;
                                if ((v = r.bytes()).length)
                                    m.client = v;
                                else
                                    delete m.client;
                                continue;
                            }
                        }
                        r.skipType(u, q, t);
                        if (!r.discardUnknown) {
                            $util.makeProp(m, "$unknowns", false);
                            (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                        }
                    }
                    if (l !== $undefined) {
                        if (r.pos !== c)
                            throw $RangeError("index out of range");
                        r.len = l;
                    }
                    if (z !== $undefined)
                        throw $Error("missing end group");
                    return m;
                };

                return Process;
            })();

            return StatDetailList;
        })();

        v1.MapSlots = (function() {

            const MapSlots = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            MapSlots.prototype.node = 0;
            MapSlots.prototype.slots = 0;
            MapSlots.prototype.most = 0;

            MapSlots.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.node != null && $Object.hasOwnProperty.call(m, "node") && m.node !== 0)
                    w.uint32(8).uint32(m.node);
                if (m.slots != null && $Object.hasOwnProperty.call(m, "slots") && m.slots !== 0)
                    w.uint32(16).uint32(m.slots);
                if (m.most != null && $Object.hasOwnProperty.call(m, "most") && m.most !== 0)
                    w.uint32(24).uint32(m.most);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            MapSlots.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.MapSlots();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.node = v;
                            else
                                delete m.node;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.slots = v;
                            else
                                delete m.slots;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.most = v;
                            else
                                delete m.most;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return MapSlots;
        })();

        v1.MapQuestion = (function() {

            const MapQuestion = function (p) {
                this.hold = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            MapQuestion.prototype.id = $util.newBuffer([]);
            MapQuestion.prototype.hold = $util.emptyArray;
            MapQuestion.prototype.leaseMs = 0;

            MapQuestion.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.id != null && $Object.hasOwnProperty.call(m, "id") && m.id.length)
                    w.uint32(10).bytes(m.id);
                if (m.hold != null && m.hold.length) {
                    for (var i = 0; i < m.hold.length; ++i)
                        $root.bproc.v1.MapSlots.encode(m.hold[i], w.uint32(18).fork(), q + 1).ldelim();
                }
                if (m.leaseMs != null && $Object.hasOwnProperty.call(m, "leaseMs") && m.leaseMs !== 0)
                    w.uint32(24).uint32(m.leaseMs);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            MapQuestion.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.MapQuestion();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.bytes()).length)
                                m.id = v;
                            else
                                delete m.id;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if (!(m.hold && m.hold.length))
                                m.hold = [];
                            m.hold.push($root.bproc.v1.MapSlots.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.leaseMs = v;
                            else
                                delete m.leaseMs;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return MapQuestion;
        })();

        v1.MapAnswer = (function() {

            const MapAnswer = function (p) {
                this.held = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            MapAnswer.prototype.held = $util.emptyArray;

            MapAnswer.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.held != null && m.held.length) {
                    for (var i = 0; i < m.held.length; ++i)
                        $root.bproc.v1.MapSlots.encode(m.held[i], w.uint32(10).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            MapAnswer.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.MapAnswer();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if (!(m.held && m.held.length))
                                m.held = [];
                            m.held.push($root.bproc.v1.MapSlots.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return MapAnswer;
        })();

        v1.QueueJob = (function() {

            const QueueJob = function (p) {
                this.argv = [];
                this.env = [];
                this.after = [];
                this.tasks = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            QueueJob.prototype.name = "";
            QueueJob.prototype.file = "";
            QueueJob.prototype.argv = $util.emptyArray;
            QueueJob.prototype.cwd = "";
            QueueJob.prototype.env = $util.emptyArray;
            QueueJob.prototype.np = 0;
            QueueJob.prototype.each = false;
            QueueJob.prototype.priority = 0;
            QueueJob.prototype.limitMs = 0;
            QueueJob.prototype.after = $util.emptyArray;
            QueueJob.prototype.tasks = $util.emptyArray;
            QueueJob.prototype.held = false;
            QueueJob.prototype.output = "";
            QueueJob.prototype.error = "";

            QueueJob.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                    w.uint32(10).string(m.name);
                if (m.file != null && $Object.hasOwnProperty.call(m, "file") && m.file !== "")
                    w.uint32(18).string(m.file);
                if (m.argv != null && m.argv.length) {
                    for (var i = 0; i < m.argv.length; ++i)
                        w.uint32(26).string(m.argv[i]);
                }
                if (m.cwd != null && $Object.hasOwnProperty.call(m, "cwd") && m.cwd !== "")
                    w.uint32(34).string(m.cwd);
                if (m.env != null && m.env.length) {
                    for (var i = 0; i < m.env.length; ++i)
                        w.uint32(42).string(m.env[i]);
                }
                if (m.np != null && $Object.hasOwnProperty.call(m, "np") && m.np !== 0)
                    w.uint32(48).uint32(m.np);
                if (m.each != null && $Object.hasOwnProperty.call(m, "each") && m.each !== false)
                    w.uint32(56).bool(m.each);
                if (m.priority != null && $Object.hasOwnProperty.call(m, "priority") && m.priority !== 0)
                    w.uint32(64).sint32(m.priority);
                if (m.limitMs != null && $Object.hasOwnProperty.call(m, "limitMs") && (typeof m.limitMs === "object" ? m.limitMs.low || m.limitMs.high : m.limitMs !== 0))
                    w.uint32(72).uint64(m.limitMs);
                if (m.after != null && m.after.length) {
                    for (var i = 0; i < m.after.length; ++i)
                        $root.bproc.v1.QueueJob.Dependency.encode(m.after[i], w.uint32(82).fork(), q + 1).ldelim();
                }
                if (m.tasks != null && m.tasks.length) {
                    w.uint32(90).uint32s(m.tasks);
                }
                if (m.held != null && $Object.hasOwnProperty.call(m, "held") && m.held !== false)
                    w.uint32(96).bool(m.held);
                if (m.output != null && $Object.hasOwnProperty.call(m, "output") && m.output !== "")
                    w.uint32(106).string(m.output);
                if (m.error != null && $Object.hasOwnProperty.call(m, "error") && m.error !== "")
                    w.uint32(114).string(m.error);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            QueueJob.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.QueueJob();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.file = v;
                            else
                                delete m.file;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if (!(m.argv && m.argv.length))
                                m.argv = [];
                            m.argv.push(r.stringVerify());
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.cwd = v;
                            else
                                delete m.cwd;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if (!(m.env && m.env.length))
                                m.env = [];
                            m.env.push(r.stringVerify());
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.np = v;
                            else
                                delete m.np;
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.each = v;
                            else
                                delete m.each;
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.priority = v;
                            else
                                delete m.priority;
                            continue;
                        }
                    case 9: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.limitMs = v;
                            else
                                delete m.limitMs;
                            continue;
                        }
                    case 10: {
                            if (u !== 2)
                                break;
                            if (!(m.after && m.after.length))
                                m.after = [];
                            m.after.push($root.bproc.v1.QueueJob.Dependency.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 11: {
                            if (u === 2) {
                                if (!(m.tasks && m.tasks.length))
                                    m.tasks = [];
                                r.uint32s(m.tasks);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.tasks && m.tasks.length))
                                m.tasks = [];
                            m.tasks.push(r.uint32());
                            continue;
                        }
                    case 12: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.held = v;
                            else
                                delete m.held;
                            continue;
                        }
                    case 13: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.output = v;
                            else
                                delete m.output;
                            continue;
                        }
                    case 14: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.error = v;
                            else
                                delete m.error;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            QueueJob.Dependency = (function() {

                const Dependency = function (p) {
                    if (p)
                        for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                            if (p[ks[i]] != null && ks[i] !== "__proto__")
                                this[ks[i]] = p[ks[i]];
                };

                Dependency.prototype.job = 0;
                Dependency.prototype.on = "";

                Dependency.encode = function (m, w, q) {
                    if (!w)
                        w = $Writer.create();
                    if (q === $undefined)
                        q = 0;
                    if (q > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (m.job != null && $Object.hasOwnProperty.call(m, "job") && (typeof m.job === "object" ? m.job.low || m.job.high : m.job !== 0))
                        w.uint32(8).uint64(m.job);
                    if (m.on != null && $Object.hasOwnProperty.call(m, "on") && m.on !== "")
                        w.uint32(18).string(m.on);
                    if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                        for (var i = 0; i < m.$unknowns.length; ++i)
                            w.raw(m.$unknowns[i]);
                    return w;
                };

                Dependency.decode = function (r, l, z, q, g) {
                    if (!(r instanceof $Reader))
                        r = $Reader.create(r);
                    if (q === $undefined)
                        q = 0;
                    if (q > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    var c, m, v;
                    if (l === $undefined)
                        c = r.len;
                    else {
                        c = r.pos + l;
                        if (c > r.len)
                            throw $RangeError("index out of range");
                        l = r.len;
                        r.len = c;
                    }
                    m = g || new $root.bproc.v1.QueueJob.Dependency();
                    while (r.pos < c) {
                        var s = r.pos;
                        var t = r.tag();
                        if (t === z) {
                            z = $undefined;
                            break;
                        }
                        var u = t & 7;
                        switch (t >>>= 3) {
                        case 1: {
                                if (u !== 0)
                                    break;
                                if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                    m.job = v;
                                else
                                    delete m.job;
                                continue;
                            }
                        case 2: {
                                if (u !== 2)
                                    break;
                                if ((v = r.stringVerify()).length)
                                    m.on = v;
                                else
                                    delete m.on;
                                continue;
                            }
                        }
                        r.skipType(u, q, t);
                        if (!r.discardUnknown) {
                            $util.makeProp(m, "$unknowns", false);
                            (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                        }
                    }
                    if (l !== $undefined) {
                        if (r.pos !== c)
                            throw $RangeError("index out of range");
                        r.len = l;
                    }
                    if (z !== $undefined)
                        throw $Error("missing end group");
                    return m;
                };

                return Dependency;
            })();

            return QueueJob;
        })();

        v1.QueueOrder = (function() {

            const QueueOrder = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            QueueOrder.prototype.job = 0;
            QueueOrder.prototype.task = 0;
            QueueOrder.prototype.what = "";

            QueueOrder.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.job != null && $Object.hasOwnProperty.call(m, "job") && (typeof m.job === "object" ? m.job.low || m.job.high : m.job !== 0))
                    w.uint32(8).uint64(m.job);
                if (m.task != null && $Object.hasOwnProperty.call(m, "task") && m.task !== 0)
                    w.uint32(16).uint32(m.task);
                if (m.what != null && $Object.hasOwnProperty.call(m, "what") && m.what !== "")
                    w.uint32(26).string(m.what);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            QueueOrder.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.QueueOrder();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.job = v;
                            else
                                delete m.job;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.task = v;
                            else
                                delete m.task;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.what = v;
                            else
                                delete m.what;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return QueueOrder;
        })();

        v1.QueueList = (function() {

            const QueueList = function (p) {
                this.jobs = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            QueueList.prototype.jobs = $util.emptyArray;
            QueueList.prototype.ended = false;
            QueueList.prototype.until = 0;
            QueueList.prototype.from = 0;

            QueueList.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.jobs != null && m.jobs.length) {
                    w.uint32(10).uint64s(m.jobs);
                }
                if (m.ended != null && $Object.hasOwnProperty.call(m, "ended") && m.ended !== false)
                    w.uint32(16).bool(m.ended);
                if (m.until != null && $Object.hasOwnProperty.call(m, "until") && (typeof m.until === "object" ? m.until.low || m.until.high : m.until !== 0))
                    w.uint32(24).uint64(m.until);
                if (m.from != null && $Object.hasOwnProperty.call(m, "from") && m.from !== 0)
                    w.uint32(32).uint32(m.from);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            QueueList.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.QueueList();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u === 2) {
                                if (!(m.jobs && m.jobs.length))
                                    m.jobs = [];
                                r.uint64s(m.jobs);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.jobs && m.jobs.length))
                                m.jobs = [];
                            m.jobs.push(r.uint64());
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.bool())
                                m.ended = v;
                            else
                                delete m.ended;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.until = v;
                            else
                                delete m.until;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.from = v;
                            else
                                delete m.from;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return QueueList;
        })();

        v1.QueueQuestion = (function() {

            const QueueQuestion = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            QueueQuestion.prototype.submit = null;
            QueueQuestion.prototype.order = null;
            QueueQuestion.prototype.list = null;

            QueueQuestion.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.submit != null && $Object.hasOwnProperty.call(m, "submit"))
                    $root.bproc.v1.QueueJob.encode(m.submit, w.uint32(10).fork(), q + 1).ldelim();
                if (m.order != null && $Object.hasOwnProperty.call(m, "order"))
                    $root.bproc.v1.QueueOrder.encode(m.order, w.uint32(18).fork(), q + 1).ldelim();
                if (m.list != null && $Object.hasOwnProperty.call(m, "list"))
                    $root.bproc.v1.QueueList.encode(m.list, w.uint32(26).fork(), q + 1).ldelim();
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            QueueQuestion.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.QueueQuestion();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            m.submit = $root.bproc.v1.QueueJob.decode(r, r.size(), $undefined, q + 1, m.submit);
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            m.order = $root.bproc.v1.QueueOrder.decode(r, r.size(), $undefined, q + 1, m.order);
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            m.list = $root.bproc.v1.QueueList.decode(r, r.size(), $undefined, q + 1, m.list);
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return QueueQuestion;
        })();

        v1.QueueEntry = (function() {

            const QueueEntry = function (p) {
                this.slots = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            QueueEntry.prototype.job = 0;
            QueueEntry.prototype.task = 0;
            QueueEntry.prototype.name = "";
            QueueEntry.prototype.uid = 0;
            QueueEntry.prototype.state = "";
            QueueEntry.prototype.reason = "";
            QueueEntry.prototype.np = 0;
            QueueEntry.prototype.priority = 0;
            QueueEntry.prototype.limitMs = 0;
            QueueEntry.prototype.submittedAt = 0;
            QueueEntry.prototype.startedAt = 0;
            QueueEntry.prototype.endedAt = 0;
            QueueEntry.prototype.slots = $util.emptyArray;
            QueueEntry.prototype.end = "";
            QueueEntry.prototype.code = 0;

            QueueEntry.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.job != null && $Object.hasOwnProperty.call(m, "job") && (typeof m.job === "object" ? m.job.low || m.job.high : m.job !== 0))
                    w.uint32(8).uint64(m.job);
                if (m.task != null && $Object.hasOwnProperty.call(m, "task") && m.task !== 0)
                    w.uint32(16).uint32(m.task);
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                    w.uint32(26).string(m.name);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(32).uint32(m.uid);
                if (m.state != null && $Object.hasOwnProperty.call(m, "state") && m.state !== "")
                    w.uint32(42).string(m.state);
                if (m.reason != null && $Object.hasOwnProperty.call(m, "reason") && m.reason !== "")
                    w.uint32(50).string(m.reason);
                if (m.np != null && $Object.hasOwnProperty.call(m, "np") && m.np !== 0)
                    w.uint32(56).uint32(m.np);
                if (m.priority != null && $Object.hasOwnProperty.call(m, "priority") && m.priority !== 0)
                    w.uint32(64).sint32(m.priority);
                if (m.limitMs != null && $Object.hasOwnProperty.call(m, "limitMs") && (typeof m.limitMs === "object" ? m.limitMs.low || m.limitMs.high : m.limitMs !== 0))
                    w.uint32(72).uint64(m.limitMs);
                if (m.submittedAt != null && $Object.hasOwnProperty.call(m, "submittedAt") && (typeof m.submittedAt === "object" ? m.submittedAt.low || m.submittedAt.high : m.submittedAt !== 0))
                    w.uint32(80).uint64(m.submittedAt);
                if (m.startedAt != null && $Object.hasOwnProperty.call(m, "startedAt") && (typeof m.startedAt === "object" ? m.startedAt.low || m.startedAt.high : m.startedAt !== 0))
                    w.uint32(88).uint64(m.startedAt);
                if (m.endedAt != null && $Object.hasOwnProperty.call(m, "endedAt") && (typeof m.endedAt === "object" ? m.endedAt.low || m.endedAt.high : m.endedAt !== 0))
                    w.uint32(96).uint64(m.endedAt);
                if (m.slots != null && m.slots.length) {
                    w.uint32(106).uint32s(m.slots);
                }
                if (m.end != null && $Object.hasOwnProperty.call(m, "end") && m.end !== "")
                    w.uint32(114).string(m.end);
                if (m.code != null && $Object.hasOwnProperty.call(m, "code") && m.code !== 0)
                    w.uint32(120).uint32(m.code);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            QueueEntry.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.QueueEntry();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.job = v;
                            else
                                delete m.job;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.task = v;
                            else
                                delete m.task;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.state = v;
                            else
                                delete m.state;
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.reason = v;
                            else
                                delete m.reason;
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.np = v;
                            else
                                delete m.np;
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            if (v = r.sint32())
                                m.priority = v;
                            else
                                delete m.priority;
                            continue;
                        }
                    case 9: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.limitMs = v;
                            else
                                delete m.limitMs;
                            continue;
                        }
                    case 10: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.submittedAt = v;
                            else
                                delete m.submittedAt;
                            continue;
                        }
                    case 11: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.startedAt = v;
                            else
                                delete m.startedAt;
                            continue;
                        }
                    case 12: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.endedAt = v;
                            else
                                delete m.endedAt;
                            continue;
                        }
                    case 13: {
                            if (u === 2) {
                                if (!(m.slots && m.slots.length))
                                    m.slots = [];
                                r.uint32s(m.slots);
                                continue;
                            }
                            if (u !== 0)
                                break;
                            if (!(m.slots && m.slots.length))
                                m.slots = [];
                            m.slots.push(r.uint32());
                            continue;
                        }
                    case 14: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.end = v;
                            else
                                delete m.end;
                            continue;
                        }
                    case 15: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.code = v;
                            else
                                delete m.code;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return QueueEntry;
        })();

        v1.QueueAnswer = (function() {

            const QueueAnswer = function (p) {
                this.entries = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            QueueAnswer.prototype.job = 0;
            QueueAnswer.prototype.entries = $util.emptyArray;
            QueueAnswer.prototype.rest = 0;

            QueueAnswer.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.job != null && $Object.hasOwnProperty.call(m, "job") && (typeof m.job === "object" ? m.job.low || m.job.high : m.job !== 0))
                    w.uint32(8).uint64(m.job);
                if (m.entries != null && m.entries.length) {
                    for (var i = 0; i < m.entries.length; ++i)
                        $root.bproc.v1.QueueEntry.encode(m.entries[i], w.uint32(18).fork(), q + 1).ldelim();
                }
                if (m.rest != null && $Object.hasOwnProperty.call(m, "rest") && m.rest !== 0)
                    w.uint32(24).uint32(m.rest);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            QueueAnswer.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.QueueAnswer();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 0)
                                break;
                            if (typeof (v = r.uint64()) === "object" ? v.low || v.high : v !== 0)
                                m.job = v;
                            else
                                delete m.job;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if (!(m.entries && m.entries.length))
                                m.entries = [];
                            m.entries.push($root.bproc.v1.QueueEntry.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.rest = v;
                            else
                                delete m.rest;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return QueueAnswer;
        })();

        v1.NssUser = (function() {

            const NssUser = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NssUser.prototype.name = "";
            NssUser.prototype.password = "";
            NssUser.prototype.uid = 0;
            NssUser.prototype.gid = 0;
            NssUser.prototype.gecos = "";
            NssUser.prototype.directory = "";
            NssUser.prototype.shell = "";

            NssUser.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                    w.uint32(10).string(m.name);
                if (m.password != null && $Object.hasOwnProperty.call(m, "password") && m.password !== "")
                    w.uint32(18).string(m.password);
                if (m.uid != null && $Object.hasOwnProperty.call(m, "uid") && m.uid !== 0)
                    w.uint32(24).uint32(m.uid);
                if (m.gid != null && $Object.hasOwnProperty.call(m, "gid") && m.gid !== 0)
                    w.uint32(32).uint32(m.gid);
                if (m.gecos != null && $Object.hasOwnProperty.call(m, "gecos") && m.gecos !== "")
                    w.uint32(42).string(m.gecos);
                if (m.directory != null && $Object.hasOwnProperty.call(m, "directory") && m.directory !== "")
                    w.uint32(50).string(m.directory);
                if (m.shell != null && $Object.hasOwnProperty.call(m, "shell") && m.shell !== "")
                    w.uint32(58).string(m.shell);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NssUser.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NssUser();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.password = v;
                            else
                                delete m.password;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.uid = v;
                            else
                                delete m.uid;
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.gid = v;
                            else
                                delete m.gid;
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.gecos = v;
                            else
                                delete m.gecos;
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.directory = v;
                            else
                                delete m.directory;
                            continue;
                        }
                    case 7: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.shell = v;
                            else
                                delete m.shell;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NssUser;
        })();

        v1.NssGroup = (function() {

            const NssGroup = function (p) {
                this.members = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NssGroup.prototype.name = "";
            NssGroup.prototype.password = "";
            NssGroup.prototype.gid = 0;
            NssGroup.prototype.members = $util.emptyArray;

            NssGroup.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                    w.uint32(10).string(m.name);
                if (m.password != null && $Object.hasOwnProperty.call(m, "password") && m.password !== "")
                    w.uint32(18).string(m.password);
                if (m.gid != null && $Object.hasOwnProperty.call(m, "gid") && m.gid !== 0)
                    w.uint32(24).uint32(m.gid);
                if (m.members != null && m.members.length) {
                    for (var i = 0; i < m.members.length; ++i)
                        w.uint32(34).string(m.members[i]);
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NssGroup.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NssGroup();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.password = v;
                            else
                                delete m.password;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.gid = v;
                            else
                                delete m.gid;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if (!(m.members && m.members.length))
                                m.members = [];
                            m.members.push(r.stringVerify());
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NssGroup;
        })();

        v1.NssShadow = (function() {

            const NssShadow = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NssShadow.prototype.name = "";
            NssShadow.prototype.password = "";
            NssShadow.prototype.lastChange = null;
            NssShadow.prototype.min = null;
            NssShadow.prototype.max = null;
            NssShadow.prototype.warn = null;
            NssShadow.prototype.inactive = null;
            NssShadow.prototype.expire = null;
            NssShadow.prototype.flag = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NssShadow.prototype, "_lastChange", {
                get: $util.oneOfGetter($oneOfFields = ["lastChange"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NssShadow.prototype, "_min", {
                get: $util.oneOfGetter($oneOfFields = ["min"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NssShadow.prototype, "_max", {
                get: $util.oneOfGetter($oneOfFields = ["max"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NssShadow.prototype, "_warn", {
                get: $util.oneOfGetter($oneOfFields = ["warn"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NssShadow.prototype, "_inactive", {
                get: $util.oneOfGetter($oneOfFields = ["inactive"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NssShadow.prototype, "_expire", {
                get: $util.oneOfGetter($oneOfFields = ["expire"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(NssShadow.prototype, "_flag", {
                get: $util.oneOfGetter($oneOfFields = ["flag"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            NssShadow.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                    w.uint32(10).string(m.name);
                if (m.password != null && $Object.hasOwnProperty.call(m, "password") && m.password !== "")
                    w.uint32(18).string(m.password);
                if (m.lastChange != null && $Object.hasOwnProperty.call(m, "lastChange"))
                    w.uint32(24).sint32(m.lastChange);
                if (m.min != null && $Object.hasOwnProperty.call(m, "min"))
                    w.uint32(32).sint32(m.min);
                if (m.max != null && $Object.hasOwnProperty.call(m, "max"))
                    w.uint32(40).sint32(m.max);
                if (m.warn != null && $Object.hasOwnProperty.call(m, "warn"))
                    w.uint32(48).sint32(m.warn);
                if (m.inactive != null && $Object.hasOwnProperty.call(m, "inactive"))
                    w.uint32(56).sint32(m.inactive);
                if (m.expire != null && $Object.hasOwnProperty.call(m, "expire"))
                    w.uint32(64).sint32(m.expire);
                if (m.flag != null && $Object.hasOwnProperty.call(m, "flag"))
                    w.uint32(72).sint32(m.flag);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NssShadow.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NssShadow();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.password = v;
                            else
                                delete m.password;
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            m.lastChange = r.sint32();
                            m._lastChange = "lastChange";
                            continue;
                        }
                    case 4: {
                            if (u !== 0)
                                break;
                            m.min = r.sint32();
                            m._min = "min";
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            m.max = r.sint32();
                            m._max = "max";
                            continue;
                        }
                    case 6: {
                            if (u !== 0)
                                break;
                            m.warn = r.sint32();
                            m._warn = "warn";
                            continue;
                        }
                    case 7: {
                            if (u !== 0)
                                break;
                            m.inactive = r.sint32();
                            m._inactive = "inactive";
                            continue;
                        }
                    case 8: {
                            if (u !== 0)
                                break;
                            m.expire = r.sint32();
                            m._expire = "expire";
                            continue;
                        }
                    case 9: {
                            if (u !== 0)
                                break;
                            m.flag = r.sint32();
                            m._flag = "flag";
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NssShadow;
        })();

        v1.NssHost = (function() {

            const NssHost = function (p) {
                this.aliases = [];
                this.addresses = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NssHost.prototype.name = "";
            NssHost.prototype.aliases = $util.emptyArray;
            NssHost.prototype.addresses = $util.emptyArray;

            NssHost.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                    w.uint32(10).string(m.name);
                if (m.aliases != null && m.aliases.length) {
                    for (var i = 0; i < m.aliases.length; ++i)
                        w.uint32(18).string(m.aliases[i]);
                }
                if (m.addresses != null && m.addresses.length) {
                    for (var i = 0; i < m.addresses.length; ++i)
                        w.uint32(26).string(m.addresses[i]);
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NssHost.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NssHost();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if (!(m.aliases && m.aliases.length))
                                m.aliases = [];
                            m.aliases.push(r.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if (!(m.addresses && m.addresses.length))
                                m.addresses = [];
                            m.addresses.push(r.stringVerify());
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NssHost;
        })();

        v1.NssTriple = (function() {

            const NssTriple = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NssTriple.prototype.host = "";
            NssTriple.prototype.user = "";
            NssTriple.prototype.domain = "";

            NssTriple.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.host != null && $Object.hasOwnProperty.call(m, "host") && m.host !== "")
                    w.uint32(10).string(m.host);
                if (m.user != null && $Object.hasOwnProperty.call(m, "user") && m.user !== "")
                    w.uint32(18).string(m.user);
                if (m.domain != null && $Object.hasOwnProperty.call(m, "domain") && m.domain !== "")
                    w.uint32(26).string(m.domain);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NssTriple.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NssTriple();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.host = v;
                            else
                                delete m.host;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.user = v;
                            else
                                delete m.user;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.domain = v;
                            else
                                delete m.domain;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NssTriple;
        })();

        v1.NssNetgroup = (function() {

            const NssNetgroup = function (p) {
                this.triples = [];
                this.groups = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NssNetgroup.prototype.name = "";
            NssNetgroup.prototype.triples = $util.emptyArray;
            NssNetgroup.prototype.groups = $util.emptyArray;

            NssNetgroup.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                    w.uint32(10).string(m.name);
                if (m.triples != null && m.triples.length) {
                    for (var i = 0; i < m.triples.length; ++i)
                        $root.bproc.v1.NssTriple.encode(m.triples[i], w.uint32(18).fork(), q + 1).ldelim();
                }
                if (m.groups != null && m.groups.length) {
                    for (var i = 0; i < m.groups.length; ++i)
                        w.uint32(26).string(m.groups[i]);
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NssNetgroup.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NssNetgroup();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if (!(m.triples && m.triples.length))
                                m.triples = [];
                            m.triples.push($root.bproc.v1.NssTriple.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if (!(m.groups && m.groups.length))
                                m.groups = [];
                            m.groups.push(r.stringVerify());
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NssNetgroup;
        })();

        v1.NssEther = (function() {

            const NssEther = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NssEther.prototype.address = "";
            NssEther.prototype.name = "";

            NssEther.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.address != null && $Object.hasOwnProperty.call(m, "address") && m.address !== "")
                    w.uint32(10).string(m.address);
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                    w.uint32(18).string(m.name);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NssEther.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NssEther();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.address = v;
                            else
                                delete m.address;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NssEther;
        })();

        v1.NssServiceEntry = (function() {

            const NssServiceEntry = function (p) {
                this.aliases = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NssServiceEntry.prototype.name = "";
            NssServiceEntry.prototype.aliases = $util.emptyArray;
            NssServiceEntry.prototype.port = 0;
            NssServiceEntry.prototype.protocol = "";

            NssServiceEntry.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.name != null && $Object.hasOwnProperty.call(m, "name") && m.name !== "")
                    w.uint32(10).string(m.name);
                if (m.aliases != null && m.aliases.length) {
                    for (var i = 0; i < m.aliases.length; ++i)
                        w.uint32(18).string(m.aliases[i]);
                }
                if (m.port != null && $Object.hasOwnProperty.call(m, "port") && m.port !== 0)
                    w.uint32(24).uint32(m.port);
                if (m.protocol != null && $Object.hasOwnProperty.call(m, "protocol") && m.protocol !== "")
                    w.uint32(34).string(m.protocol);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NssServiceEntry.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NssServiceEntry();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.name = v;
                            else
                                delete m.name;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if (!(m.aliases && m.aliases.length))
                                m.aliases = [];
                            m.aliases.push(r.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.port = v;
                            else
                                delete m.port;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.protocol = v;
                            else
                                delete m.protocol;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NssServiceEntry;
        })();

        v1.NssQuestion = (function() {

            const NssQuestion = function (p) {
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NssQuestion.prototype.database = "";
            NssQuestion.prototype.by = "";
            NssQuestion.prototype.key = "";
            NssQuestion.prototype.detail = "";
            NssQuestion.prototype.from = 0;

            NssQuestion.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.database != null && $Object.hasOwnProperty.call(m, "database") && m.database !== "")
                    w.uint32(10).string(m.database);
                if (m.by != null && $Object.hasOwnProperty.call(m, "by") && m.by !== "")
                    w.uint32(18).string(m.by);
                if (m.key != null && $Object.hasOwnProperty.call(m, "key") && m.key !== "")
                    w.uint32(26).string(m.key);
                if (m.detail != null && $Object.hasOwnProperty.call(m, "detail") && m.detail !== "")
                    w.uint32(34).string(m.detail);
                if (m.from != null && $Object.hasOwnProperty.call(m, "from") && m.from !== 0)
                    w.uint32(40).uint32(m.from);
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NssQuestion.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NssQuestion();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.database = v;
                            else
                                delete m.database;
                            continue;
                        }
                    case 2: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.by = v;
                            else
                                delete m.by;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.key = v;
                            else
                                delete m.key;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.detail = v;
                            else
                                delete m.detail;
                            continue;
                        }
                    case 5: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.from = v;
                            else
                                delete m.from;
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NssQuestion;
        })();

        v1.NssAnswer = (function() {

            const NssAnswer = function (p) {
                this.users = [];
                this.groups = [];
                this.shadows = [];
                this.hosts = [];
                this.netgroups = [];
                this.ethers = [];
                this.services = [];
                if (p)
                    for (var ks = $Object.keys(p), i = 0; i < ks.length; ++i)
                        if (p[ks[i]] != null && ks[i] !== "__proto__")
                            this[ks[i]] = p[ks[i]];
            };

            NssAnswer.prototype.status = "";
            NssAnswer.prototype.rest = 0;
            NssAnswer.prototype.reason = "";
            NssAnswer.prototype.users = $util.emptyArray;
            NssAnswer.prototype.groups = $util.emptyArray;
            NssAnswer.prototype.shadows = $util.emptyArray;
            NssAnswer.prototype.hosts = $util.emptyArray;
            NssAnswer.prototype.netgroups = $util.emptyArray;
            NssAnswer.prototype.ethers = $util.emptyArray;
            NssAnswer.prototype.services = $util.emptyArray;

            NssAnswer.encode = function (m, w, q) {
                if (!w)
                    w = $Writer.create();
                if (q === $undefined)
                    q = 0;
                if (q > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (m.status != null && $Object.hasOwnProperty.call(m, "status") && m.status !== "")
                    w.uint32(10).string(m.status);
                if (m.rest != null && $Object.hasOwnProperty.call(m, "rest") && m.rest !== 0)
                    w.uint32(16).uint32(m.rest);
                if (m.reason != null && $Object.hasOwnProperty.call(m, "reason") && m.reason !== "")
                    w.uint32(26).string(m.reason);
                if (m.users != null && m.users.length) {
                    for (var i = 0; i < m.users.length; ++i)
                        $root.bproc.v1.NssUser.encode(m.users[i], w.uint32(34).fork(), q + 1).ldelim();
                }
                if (m.groups != null && m.groups.length) {
                    for (var i = 0; i < m.groups.length; ++i)
                        $root.bproc.v1.NssGroup.encode(m.groups[i], w.uint32(42).fork(), q + 1).ldelim();
                }
                if (m.shadows != null && m.shadows.length) {
                    for (var i = 0; i < m.shadows.length; ++i)
                        $root.bproc.v1.NssShadow.encode(m.shadows[i], w.uint32(50).fork(), q + 1).ldelim();
                }
                if (m.hosts != null && m.hosts.length) {
                    for (var i = 0; i < m.hosts.length; ++i)
                        $root.bproc.v1.NssHost.encode(m.hosts[i], w.uint32(58).fork(), q + 1).ldelim();
                }
                if (m.netgroups != null && m.netgroups.length) {
                    for (var i = 0; i < m.netgroups.length; ++i)
                        $root.bproc.v1.NssNetgroup.encode(m.netgroups[i], w.uint32(66).fork(), q + 1).ldelim();
                }
                if (m.ethers != null && m.ethers.length) {
                    for (var i = 0; i < m.ethers.length; ++i)
                        $root.bproc.v1.NssEther.encode(m.ethers[i], w.uint32(74).fork(), q + 1).ldelim();
                }
                if (m.services != null && m.services.length) {
                    for (var i = 0; i < m.services.length; ++i)
                        $root.bproc.v1.NssServiceEntry.encode(m.services[i], w.uint32(82).fork(), q + 1).ldelim();
                }
                if (m.$unknowns != null && $Object.hasOwnProperty.call(m, "$unknowns"))
                    for (var i = 0; i < m.$unknowns.length; ++i)
                        w.raw(m.$unknowns[i]);
                return w;
            };

            NssAnswer.decode = function (r, l, z, q, g) {
                if (!(r instanceof $Reader))
                    r = $Reader.create(r);
                if (q === $undefined)
                    q = 0;
                if (q > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                var c, m, v;
                if (l === $undefined)
                    c = r.len;
                else {
                    c = r.pos + l;
                    if (c > r.len)
                        throw $RangeError("index out of range");
                    l = r.len;
                    r.len = c;
                }
                m = g || new $root.bproc.v1.NssAnswer();
                while (r.pos < c) {
                    var s = r.pos;
                    var t = r.tag();
                    if (t === z) {
                        z = $undefined;
                        break;
                    }
                    var u = t & 7;
                    switch (t >>>= 3) {
                    case 1: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.status = v;
                            else
                                delete m.status;
                            continue;
                        }
                    case 2: {
                            if (u !== 0)
                                break;
                            if (v = r.uint32())
                                m.rest = v;
                            else
                                delete m.rest;
                            continue;
                        }
                    case 3: {
                            if (u !== 2)
                                break;
                            if ((v = r.stringVerify()).length)
                                m.reason = v;
                            else
                                delete m.reason;
                            continue;
                        }
                    case 4: {
                            if (u !== 2)
                                break;
                            if (!(m.users && m.users.length))
                                m.users = [];
                            m.users.push($root.bproc.v1.NssUser.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 5: {
                            if (u !== 2)
                                break;
                            if (!(m.groups && m.groups.length))
                                m.groups = [];
                            m.groups.push($root.bproc.v1.NssGroup.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 6: {
                            if (u !== 2)
                                break;
                            if (!(m.shadows && m.shadows.length))
                                m.shadows = [];
                            m.shadows.push($root.bproc.v1.NssShadow.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 7: {
                            if (u !== 2)
                                break;
                            if (!(m.hosts && m.hosts.length))
                                m.hosts = [];
                            m.hosts.push($root.bproc.v1.NssHost.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 8: {
                            if (u !== 2)
                                break;
                            if (!(m.netgroups && m.netgroups.length))
                                m.netgroups = [];
                            m.netgroups.push($root.bproc.v1.NssNetgroup.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 9: {
                            if (u !== 2)
                                break;
                            if (!(m.ethers && m.ethers.length))
                                m.ethers = [];
                            m.ethers.push($root.bproc.v1.NssEther.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    case 10: {
                            if (u !== 2)
                                break;
                            if (!(m.services && m.services.length))
                                m.services = [];
                            m.services.push($root.bproc.v1.NssServiceEntry.decode(r, r.size(), $undefined, q + 1));
                            continue;
                        }
                    }
                    r.skipType(u, q, t);
                    if (!r.discardUnknown) {
                        $util.makeProp(m, "$unknowns", false);
                        (m.$unknowns || (m.$unknowns = [])).push(r.raw(s, r.pos));
                    }
                }
                if (l !== $undefined) {
                    if (r.pos !== c)
                        throw $RangeError("index out of range");
                    r.len = l;
                }
                if (z !== $undefined)
                    throw $Error("missing end group");
                return m;
            };

            return NssAnswer;
        })();

        return v1;
    })();

    return bproc;
})();

export {
  $root as default
};
