/** The data of the demo tenants. Nothing is random, so every run gives the same rows. */

export interface DemoTenant {
  readonly tenant: { slug: string; name: string; currency: string };
  readonly skuPrefix: string;
  /** 20 stems. Each is combined with each of the 3 endings to name a customer. */
  readonly stems: readonly string[];
  readonly endings: readonly string[];
  readonly places: readonly { city: string; country: string; dialling: string }[];
}

export const demoTenants: readonly DemoTenant[] = [
  {
    tenant: { slug: "acme", name: "Acme Industriebedarf GmbH", currency: "EUR" },
    skuPrefix: "ACM",
    stems: [
      "Nordlicht",
      "Müller",
      "Alpenhof",
      "Rheintal",
      "Sonnenberg",
      "Krüger",
      "Hansen",
      "Weidmann",
      "Lindner",
      "Bergmann",
      "Castelli",
      "Moreau",
      "Van Dijk",
      "Novák",
      "Kowalski",
      "Fischer",
      "Brandt",
      "Schäfer",
      "Lefèvre",
      "Eder",
    ],
    endings: ["Maschinenbau GmbH", "Metallbau KG", "Haustechnik AG"],
    places: [
      { city: "Berlin", country: "DE", dialling: "+49 30" },
      { city: "Hamburg", country: "DE", dialling: "+49 40" },
      { city: "Wien", country: "AT", dialling: "+43 1" },
      { city: "Lyon", country: "FR", dialling: "+33 4" },
      { city: "Utrecht", country: "NL", dialling: "+31 30" },
      { city: "Brno", country: "CZ", dialling: "+420 5" },
    ],
  },
  {
    tenant: { slug: "globex", name: "Globex Supply Inc.", currency: "USD" },
    skuPrefix: "GLX",
    stems: [
      "Pine Ridge",
      "Lakeside",
      "Summit",
      "Redwood",
      "Harper",
      "Granite",
      "Bluewater",
      "Delgado",
      "Nguyen",
      "Patterson",
      "Prairie",
      "O'Brien",
      "Cascade",
      "Sterling",
      "Whitaker",
      "Coastal",
      "Ramirez",
      "Maple",
      "Ironwood",
      "Fairview",
    ],
    endings: ["Fabrication Inc.", "Builders LLC", "Equipment Co."],
    places: [
      { city: "Denver", country: "US", dialling: "+1 303" },
      { city: "Austin", country: "US", dialling: "+1 512" },
      { city: "Seattle", country: "US", dialling: "+1 206" },
      { city: "Toronto", country: "CA", dialling: "+1 416" },
      { city: "Chicago", country: "US", dialling: "+1 312" },
      { city: "Atlanta", country: "US", dialling: "+1 404" },
    ],
  },
];

/** 15 product families in four sizes each. The price is that of the smallest size. */
const families: readonly (readonly [name: string, sizes: readonly string[], priceMinor: number])[] =
  [
    ["Hex bolt, zinc plated, box of 100", ["M6", "M8", "M10", "M12"], 890],
    ["Washer, zinc plated, box of 200", ["M6", "M8", "M10", "M12"], 420],
    ["Wood screw, box of 200", ["4x40", "5x60", "6x80", "8x120"], 1150],
    ["Wall plug, box of 100", ["6 mm", "8 mm", "10 mm", "12 mm"], 540],
    ["Steel angle, 2 m", ["20x20", "30x30", "40x40", "50x50"], 1490],
    ["Copper pipe, 3 m", ["12 mm", "15 mm", "18 mm", "22 mm"], 2190],
    ["Ball valve, brass", ["1/2 in", "3/4 in", "1 in", "5/4 in"], 1250],
    ["Ball bearing", ["6001", "6202", "6204", "6306"], 560],
    ["V-belt", ["A 36", "A 48", "A 60", "A 72"], 930],
    ["Cutting disc, box of 25", ["115 mm", "125 mm", "180 mm", "230 mm"], 2350],
    ["Twist drill, cobalt", ["3 mm", "5 mm", "8 mm", "10 mm"], 310],
    ["Cable, copper, 50 m", ["1.5 mm²", "2.5 mm²", "4 mm²", "6 mm²"], 3490],
    ["Work gloves, pair", ["S", "M", "L", "XL"], 490],
    ["Safety shoes, pair", ["40", "42", "44", "46"], 6490],
    ["Electric motor, three-phase", ["0.37 kW", "0.75 kW", "1.5 kW", "3 kW"], 14900],
  ];

/** 60 products of a tenant. `delivered` is the opening stock, in pieces. */
export const demoProducts = ({ skuPrefix }: DemoTenant) =>
  families.flatMap(([name, sizes, priceMinor], family) =>
    sizes.map((size, step) => ({
      sku: `${skuPrefix}-${String((family + 1) * 100 + step + 1)}`,
      name: `${name} ${size}`,
      unitPriceMinor: Math.round(priceMinor * (1 + step * 0.45)),
      delivered: 120 + ((family * 37 + step * 53) % 280),
    })),
  );

const domainOf = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9 ]/g, "")
    .replace(/ /g, "-");

/** 60 customers of a tenant, each with its own name and e-mail address. */
export const demoCustomers = ({ stems, endings, places }: DemoTenant) =>
  endings.flatMap((ending, round) =>
    stems.map((stem, index) => {
      const { city, country, dialling } = places[(index + round) % places.length]!;
      const name = `${stem} ${ending}`;
      const phone = `${dialling} 555 ${String(1000 + round * 100 + index * 3)}`;
      return { name, email: `office@${domainOf(name)}.example`, phone, city, country };
    }),
  );

export interface DemoOrder {
  readonly customer: number;
  readonly lines: readonly { product: number; quantity: number }[];
  readonly daysAgo: number;
  readonly becomes: "draft" | "confirmed" | "invoiced" | "cancelled";
  /** How much of an invoiced order is paid. */
  readonly paid: "nothing" | "half" | "all";
}

const fateOf = (index: number): Pick<DemoOrder, "becomes" | "paid"> => {
  if (index % 11 === 7) return { becomes: "cancelled", paid: "nothing" };
  const paid = index < 24 ? "all" : index % 4 === 1 ? "half" : "nothing";
  return { becomes: index < 38 ? "invoiced" : index < 50 ? "confirmed" : "draft", paid };
};

/**
 * 60 orders over the last 60 days, oldest first. The old ones are invoiced and paid; the newest are drafts. `customer` and `product`
 * are positions in `demoCustomers` and `demoProducts`.
 */
export const demoOrders = (): DemoOrder[] =>
  Array.from({ length: 60 }, (_, index) => ({
    customer: (index * 23 + 5) % 60,
    lines: Array.from({ length: 1 + (index % 3) }, (_line, line) => ({
      product: (index * 17 + line * 29) % 60,
      quantity: 1 + ((index * 7 + line * 5) % 12),
    })),
    daysAgo: 60 - index,
    ...fateOf(index),
  }));
