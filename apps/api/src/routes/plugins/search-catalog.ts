import { Catalog, CatalogQuery } from '@mixdown/contract';
import { searchCatalog } from '@mixdown/wam-catalog';
import { z } from 'zod';
import { defineRoute } from '../../http/define-route.ts';

export default defineRoute({
  method: 'GET',
  url: '/plugins/catalog',
  operationId: 'searchCatalog',
  summary: 'The collection of effects',
  description: 'Best match first. Every parameter with its label, unit, range and steps.',
  tag: 'Plugins',
  access: 'anyone',
  query: z.strictObject(CatalogQuery.shape),
  response: { 200: Catalog },
  async handleLong({ services, query, reply }) {
    reply.header('cache-control', 'no-cache');
    const { catalog } = services.catalogs;
    const all = query.search === undefined && query.category === undefined;
    return { entries: all ? catalog.entries : searchCatalog(catalog, query) };
  },
});
